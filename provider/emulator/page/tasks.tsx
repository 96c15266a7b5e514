import type { PushStatus } from "../../tpns/schema/status.ts";
import type { Overview, TaskPage } from "../control/answer.ts";
import type { Task } from "../task.ts";
import { grouped, statuses } from "./format.ts";
import { useLive } from "./live.ts";
import { Choice, Moment, Pager, pageLength, Refusal, Search, Status } from "./part.tsx";
import { goInstead, goTo, hrefOf } from "./route.ts";
import { Watch } from "./watch.tsx";

interface Filter {
  readonly search: string;
  readonly status: string;
  readonly accessId: string;
  readonly offset: string;
}

const filterOf = (query: URLSearchParams): Filter => ({
  search: query.get("search") ?? "",
  status: query.get("status") ?? "",
  accessId: query.get("accessId") ?? "",
  offset: query.get("offset") ?? "",
});

const linkTo = (filter: Filter): string => hrefOf(["tasks"], { ...filter });

/** Every task, newest first. */
export function TasksView({ query }: { readonly query: URLSearchParams }) {
  const filter = filterOf(query);
  const asked = new URLSearchParams({ ...filter, offset: filter.offset || "0", limit: String(pageLength) });
  const { answer, error } = useLive<TaskPage>(`task-page?${asked}`);
  const overview = useLive<Overview>("overview").answer;
  const narrowed = (change: Partial<Filter>): Filter => ({ ...filter, offset: "", ...change });
  return (
    <div class="beside">
      <section class="panel" aria-labelledby="tasks-title">
        <h1 id="tasks-title">Tasks</h1>
        <StatusFilter overview={overview} filter={filter} />
        <search class="filter">
          <Search
            label="Search title, content or push id"
            value={filter.search}
            onSearch={(search) => goInstead(linkTo(narrowed({ search })))}
          />
          <Choice
            label="App"
            value={filter.accessId}
            options={[
              ["", "All apps"],
              ...(overview?.apps ?? []).map(
                ({ accessId, platform }) => [accessId, `${accessId} · ${platform}`] as const,
              ),
            ]}
            onChoose={(accessId) => goTo(linkTo(narrowed({ accessId })))}
          />
        </search>
        <Refusal>{error}</Refusal>
        <TaskTable tasks={answer?.tasks ?? []} />
        {answer?.count === 0 && <p class="empty">{emptyWords(filter)}</p>}
        <Pager
          count={answer?.count ?? 0}
          offset={answer?.offset ?? 0}
          what="task"
          onGo={(offset) => goTo(linkTo({ ...filter, offset: offset === 0 ? "" : String(offset) }))}
        />
      </section>
      <Watch />
    </div>
  );
}

const emptyWords = ({ search, status, accessId }: Filter): string =>
  search + status + accessId === ""
    ? "No task yet. Push one: this page shows it as it comes."
    : "No task matches. Search for less, or show all.";

function StatusFilter({ overview, filter }: { readonly overview: Overview | undefined; readonly filter: Filter }) {
  const counts = overview?.tasks ?? {};
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const shown = statusNames.filter((name) => counts[name] !== undefined || name === filter.status);
  const chips: readonly (readonly [string, string, number])[] = [
    ["", "All", all],
    ...shown.map((name) => [name, statuses[name].words, counts[name] ?? 0] as const),
  ];
  return (
    <nav class="chips" aria-label="Tasks by status">
      {chips.map(([status, words, count]) => (
        <a
          key={status}
          href={linkTo({ ...filter, status, offset: "" })}
          aria-current={status === filter.status ? "true" : undefined}
        >
          {words} <b>{grouped(count)}</b>
        </a>
      ))}
    </nav>
  );
}

const statusNames: readonly PushStatus[] = [
  "PUSH_INIT",
  "PUSH_WAIT",
  "PUSH_STARTED",
  "PUSH_FINISHED",
  "PUSH_FAILED",
  "PUSH_CANCELED",
  "PUSH_DELETED",
  "PUSH_REVOKED",
  "PUSH_COLLAPSED",
  "PUSH_DELETED_PUSH_MSG",
];

function TaskTable({ tasks }: { readonly tasks: readonly Task[] }) {
  return (
    <div class="wide">
      <table>
        <caption class="unseen">Tasks, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Task</th>
            <th scope="col" class="less">
              Audience
            </th>
            <th scope="col" class="less">
              App
            </th>
            <th scope="col">Send time</th>
          </tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            <tr key={task.pushId}>
              <td>
                <Status status={task.status} />
              </td>
              <td class="main">
                <a href={hrefOf(["tasks", task.pushId])}>{task.title || "(no title)"}</a>
                <small>
                  {task.pushId}
                  {task.overrides && " · an override"}
                </small>
              </td>
              <td class="less">{task.pushType}</td>
              <td class="less">{task.accessId}</td>
              <td class="time">
                <Moment text={task.sendTime} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
