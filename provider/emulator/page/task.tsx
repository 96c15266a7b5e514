import type { TaskDetail } from "../control/answer.ts";
import type { Task } from "../task.ts";
import { channelWords, grouped, messageStates, serviceText } from "./format.ts";
import { useLive } from "./live.ts";
import { Badge, Refusal, Status } from "./part.tsx";
import { Remedies } from "./remedy.tsx";
import { hrefOf } from "./route.ts";
import { Watch } from "./watch.tsx";

/** One task: what it is, how far it has come, and what can be done about it. */
export function TaskView({ pushId }: { readonly pushId: string }) {
  const { answer, error } = useLive<TaskDetail>(`task?${new URLSearchParams({ pushId })}`);
  return (
    <div class="beside">
      <section class="panel" aria-labelledby="task-title">
        <p class="path">
          <a href="#/tasks">Tasks</a> / {pushId}
        </p>
        <Refusal>{error}</Refusal>
        {answer !== undefined && <Detail detail={answer} />}
      </section>
      <Watch />
    </div>
  );
}

function Detail({ detail }: { readonly detail: TaskDetail }) {
  const { task } = detail;
  return (
    <>
      <div class="title">
        <h1 id="task-title">{task.title || "(no title)"}</h1>
        <span aria-live="polite">
          <Status status={task.status} />
        </span>
      </div>
      <p class="content">{task.content}</p>
      <Remedies detail={detail} />
      <Progress progress={detail.progress} />
      <div class="columns">
        <section>
          <h2>Task</h2>
          <Facts task={task} audience={detail.audience} />
        </section>
        <History events={detail.events} />
      </div>
      <section>
        <h2>Request</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached without a mouse */}
        <pre tabIndex={0}>{pretty(detail.request)}</pre>
      </section>
    </>
  );
}

/** Indented where it is JSON; its digits stay as they came. */
const pretty = (request: string): string => {
  try {
    JSON.parse(request);
  } catch {
    return request;
  }
  return indent(request);
};

/** JSON.parse would round a push id of 19 digits. */
const indent = (json: string): string => {
  let depth = 0;
  const newLine = (): string => `\n${"  ".repeat(depth)}`;
  return json.replace(/"(?:[^"\\]|\\.)*"|[[{]\s*[\]}]|[{}[\],:]|\s+/g, (token) => {
    if (token === "{" || token === "[") {
      depth += 1;
      return token + newLine();
    }
    if (token === "}" || token === "]") {
      depth -= 1;
      return newLine() + token;
    }
    if (token === ",") return token + newLine();
    if (token === ":") return ": ";
    return token.trim();
  });
};

function Facts({ task, audience }: { readonly task: Task; readonly audience: string }) {
  const facts: readonly (readonly [string, string])[] = [
    ["Push id", task.pushId],
    ["Status", task.status],
    ["App", task.accessId],
    ["Audience", audience],
    ["Message", task.messageType],
    ["Send time", `${task.sendTime} UTC+8`],
    ["Created", `${serviceText(task.createdAt)} UTC+8`],
    ["Offline storage", `${grouped(task.expireTime)} s`],
    [
      "Collapse id",
      task.collapseId === 0 ? "none" : `${task.collapseId}${task.overrides ? ", of the overridden task" : ""}`,
    ],
    ["Group", task.groupId || "none"],
    ["Environment", task.environment],
    ["Dispatched", task.executions === 0 ? "not yet" : task.executions === 1 ? "once" : `${task.executions} times`],
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

function Progress({ progress }: Pick<TaskDetail, "progress">) {
  const channels = [...new Set(progress.map(({ channel }) => channel))];
  const states = Object.keys(messageStates).filter((state) => progress.some((row) => row.state === state));
  const countOf = (channel: string, state: string): number =>
    progress.find((row) => row.channel === channel && row.state === state)?.count ?? 0;
  const sumOf = (state: string): number => channels.reduce((sum, channel) => sum + countOf(channel, state), 0);
  if (channels.length === 0) return <p class="empty">No message of it is on its way yet.</p>;
  return (
    <section>
      <h2>Progress</h2>
      <div class="wide">
        <table class="numbers" aria-live="polite">
          <caption class="unseen">Messages by channel and by what became of them</caption>
          <thead>
            <tr>
              <th scope="col">Channel</th>
              {states.map((state) => (
                <th key={state} scope="col">
                  <Badge look={messageStates[state] ?? ""}>{state}</Badge>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {channels.map((channel) => (
              <tr key={channel}>
                <th scope="row">{channelWords[channel] ?? channel}</th>
                {states.map((state) => (
                  <Count key={state} count={countOf(channel, state)} />
                ))}
              </tr>
            ))}
          </tbody>
          {channels.length > 1 && (
            <tfoot>
              <tr>
                <th scope="row">All</th>
                {states.map((state) => (
                  <Count key={state} count={sumOf(state)} />
                ))}
              </tr>
            </tfoot>
          )}
        </table>
      </div>
    </section>
  );
}

function Count({ count }: { readonly count: number }) {
  return <td class={count === 0 ? "zero" : undefined}>{grouped(count)}</td>;
}

/** The push ids that a text names lead to their tasks. */
const linked = (what: string) =>
  what.split(/(\b\d{10,19}\b)/).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <a key={part} href={hrefOf(["tasks", part])}>
        {part}
      </a>
    ),
  );

function History({ events }: Pick<TaskDetail, "events">) {
  return (
    <section>
      <h2>History</h2>
      <ol class="history" aria-live="polite">
        {events.map(({ at, what }, index) => (
          <li key={index}>
            <time dateTime={at}>{serviceText(at)}</time>
            <span>{linked(what)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
