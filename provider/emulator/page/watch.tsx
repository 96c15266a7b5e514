import { useId, useState } from "preact/hooks";
import type { PhoneDetail, PhoneMessage, PhonePage } from "../control/answer.ts";
import type { Phone } from "../phone.ts";
import { serviceTextOf } from "../service-time.ts";
import { useNow } from "./clock.tsx";
import { channelWords, serviceText } from "./format.ts";
import { useLive, useOnce } from "./live.ts";
import { Refusal, useChange, useSettled } from "./part.tsx";
import { hrefOf } from "./route.ts";

const watchedKey = "watched phone";

/** A phone beside the tasks, so that one sees what they do to it. */
export function Watch() {
  const [typed, setTyped] = useState(() => localStorage.getItem(watchedKey) ?? "");
  const search = useSettled(typed);
  const { answer: found } = useOnce<PhonePage>(`phone-page?${new URLSearchParams({ search, limit: "20" })}`);
  const names = (found?.phones ?? []).map(({ name }) => name);
  const watched = names.includes(typed) ? typed : names[0];
  const [inputId, listId] = [useId(), useId()];
  const watch = (name: string): void => {
    setTyped(name);
    localStorage.setItem(watchedKey, name);
  };
  return (
    <aside class="watch" aria-label="Watched phone">
      <div class="field">
        <label for={inputId}>Watch a phone</label>
        <input
          id={inputId}
          type="search"
          list={listId}
          placeholder={watched}
          value={typed}
          onInput={(event) => watch(event.currentTarget.value)}
        />
        <datalist id={listId}>
          {names.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
      {watched === undefined ? <p class="empty">No phone matches.</p> : <WatchedPhone key={watched} name={watched} />}
    </aside>
  );
}

function WatchedPhone({ name }: { readonly name: string }) {
  const { answer, error } = useLive<PhoneDetail>(`phone?${new URLSearchParams({ name })}`);
  return (
    <>
      <Refusal>{error}</Refusal>
      {answer !== undefined && <PhoneScreen detail={answer} />}
      <p>
        <a href={hrefOf(["phones", name])}>All about {name}</a>
      </p>
    </>
  );
}

/** A phone's notification centre, as it is at this moment, and what its owner can do. */
export function PhoneScreen({ detail }: { readonly detail: PhoneDetail }) {
  const { phone, messages } = detail;
  const { refusal, send } = useChange("phones");
  const shown = messages.filter(({ state }) => state === "shown");
  return (
    <div class="phone-and-buttons">
      <section class={`phone ${phone.online ? "online" : "offline"}`} aria-label={`Screen of ${phone.name}`}>
        <StatusBar phone={phone} />
        <h2 class="unseen">Notification centre</h2>
        <ul class="centre" aria-live="polite">
          {shown.map((message) => (
            <Notification
              key={message.pushId}
              message={message}
              onOpen={() => send({ name: phone.name, click: message.pushId })}
            />
          ))}
        </ul>
        {shown.length === 0 && <p class="quiet">No notifications</p>}
      </section>
      <div class="buttons">
        <button type="button" onClick={() => send({ name: phone.name, online: !phone.online })}>
          {phone.online ? "Take offline" : "Bring online"}
        </button>
        {phone.stored.length > 0 && <span>{phone.stored.length} in offline storage</span>}
      </div>
      <Refusal>{refusal}</Refusal>
    </div>
  );
}

function StatusBar({ phone }: { readonly phone: Phone }) {
  const time = serviceTextOf(useNow());
  return (
    <div class="screen-top">
      <div class="status-bar">
        <span>{phone.name}</span>
        <span>
          {channelWords[phone.channel]} · {phone.online ? "online" : "offline"}
        </span>
      </div>
      <p class="big-clock" aria-hidden="true">
        {time.slice(11, 16)}
      </p>
      <p class="big-date" aria-hidden="true">
        {time.slice(0, 10)}
      </p>
    </div>
  );
}

function Notification({ message, onOpen }: { readonly message: PhoneMessage; readonly onOpen: () => void }) {
  const { pushId, title, content, at } = message;
  return (
    <li class="notification">
      <p class="from">
        <a href={hrefOf(["tasks", pushId])} aria-label={`Task ${pushId}`}>
          {pushId}
        </a>
        <time dateTime={at}>{serviceText(at).slice(11, 16)}</time>
      </p>
      <p class="words">
        <b>{title}</b>
        <span>{content}</span>
      </p>
      <button type="button" aria-label={`Open ${title}`} onClick={onOpen}>
        Open
      </button>
    </li>
  );
}
