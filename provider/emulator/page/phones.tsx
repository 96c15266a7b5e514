import type { PhoneDetail, PhonePage } from "../control/answer.ts";
import type { Phone } from "../phone.ts";
import { channelWords, counted, grouped, messageStates, serviceText } from "./format.ts";
import { useLive } from "./live.ts";
import { Badge, Moment, Pager, pageLength, Refusal, Search } from "./part.tsx";
import { goInstead, goTo, hrefOf } from "./route.ts";
import { PhoneScreen } from "./watch.tsx";

/** Every phone. */
export function PhonesView({ query }: { readonly query: URLSearchParams }) {
  const search = query.get("search") ?? "";
  const offset = query.get("offset") ?? "";
  const asked = new URLSearchParams({ search, offset: offset || "0", limit: String(pageLength) });
  const { answer, error } = useLive<PhonePage>(`phone-page?${asked}`);
  return (
    <section class="panel" aria-labelledby="phones-title">
      <h1 id="phones-title">Phones</h1>
      <search class="filter">
        <Search
          label="Search name, token, channel, tag or account"
          value={search}
          onSearch={(text) => goInstead(hrefOf(["phones"], { search: text }))}
        />
      </search>
      <Refusal>{error}</Refusal>
      <PhoneTable phones={answer?.phones ?? []} />
      <Pager
        count={answer?.count ?? 0}
        offset={answer?.offset ?? 0}
        what="phone"
        onGo={(next) => goTo(hrefOf(["phones"], { search, offset: next === 0 ? "" : String(next) }))}
      />
    </section>
  );
}

const channelOf = ({ channel, emui }: Pick<Phone, "channel"> & { readonly emui?: number | undefined }): string =>
  `${channelWords[channel]}${emui === undefined ? "" : `, EMUI ${emui}`}`;

function PhoneTable({ phones }: { readonly phones: readonly Phone[] }) {
  return (
    <div class="wide">
      <table class="even">
        <caption class="unseen">Phones</caption>
        <thead>
          <tr>
            <th scope="col">Phone</th>
            <th scope="col" class="less">
              Channel
            </th>
            <th scope="col">Network</th>
            <th scope="col">Shows</th>
            <th scope="col" class="less">
              In storage
            </th>
            <th scope="col" class="less">
              Tags
            </th>
            <th scope="col" class="less">
              Accounts
            </th>
          </tr>
        </thead>
        <tbody>
          {phones.map((phone) => (
            <tr key={phone.name}>
              <td class="main">
                <a href={hrefOf(["phones", phone.name])}>{phone.name}</a>
                <small>{phone.system}</small>
              </td>
              <td class="less">{channelOf(phone)}</td>
              <td>
                <Network phone={phone} />
              </td>
              <td>{grouped(phone.notifications.length)}</td>
              <td class="less">{grouped(phone.stored.length)}</td>
              <td class="less">{phone.tags.join(", ")}</td>
              <td class="less">{phone.accounts.join(", ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Network({ phone }: { readonly phone: Phone }) {
  return <Badge look={phone.online ? "good" : "ended"}>{phone.online ? "online" : "offline"}</Badge>;
}

/** One phone: its screen, and every message to it. */
export function PhoneView({ name }: { readonly name: string }) {
  const { answer, error } = useLive<PhoneDetail>(`phone?${new URLSearchParams({ name })}`);
  return (
    <div class="beside">
      <section class="panel" aria-labelledby="phone-title">
        <p class="path">
          <a href="#/phones">Phones</a> / {name}
        </p>
        <div class="title">
          <h1 id="phone-title">{name}</h1>
          {answer !== undefined && <Network phone={answer.phone} />}
        </div>
        <Refusal>{error}</Refusal>
        {answer !== undefined && <PhoneFacts phone={answer.phone} />}
        {answer !== undefined && <Messages messages={answer.messages} />}
      </section>
      <aside class="watch first" aria-label="Screen">
        {answer !== undefined && <PhoneScreen detail={answer} />}
      </aside>
    </div>
  );
}

function PhoneFacts({ phone }: { readonly phone: Phone }) {
  const facts: readonly (readonly [string, string])[] = [
    ["System", phone.system],
    ["Channel", channelOf(phone)],
    ["App", phone.accessId],
    ["Token", phone.token],
    ["Tags", phone.tags.join(", ") || "none"],
    ["Accounts", phone.accounts.join(", ") || "none"],
    ["Alerted its owner", counted(phone.alerts.length, "time")],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Messages({ messages }: Pick<PhoneDetail, "messages">) {
  return (
    <section>
      <h2>Messages</h2>
      {messages.length === 0 && <p class="empty">No message has been sent to it.</p>}
      <div class="wide">
        <table>
          <caption class="unseen">The last messages to it, newest first</caption>
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Message</th>
              <th scope="col" class="less">
                Over
              </th>
              <th scope="col">Time</th>
            </tr>
          </thead>
          <tbody>
            {messages.map(({ pushId, title, content, channel, state, at }) => (
              <tr key={pushId}>
                <td>
                  <Badge look={messageStates[state] ?? ""}>{state}</Badge>
                </td>
                <td class="main">
                  <a href={hrefOf(["tasks", pushId])}>{title || "(no title)"}</a>
                  <small>{content}</small>
                </td>
                <td class="less">{channelWords[channel]}</td>
                <td class="time">
                  <Moment text={serviceText(at)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
