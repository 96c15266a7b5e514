import type { RequestPage } from "../control/answer.ts";
import { Faults } from "./faults.tsx";
import { serviceText } from "./format.ts";
import { useLive } from "./live.ts";
import { Badge, Choice, Moment, Pager, pageLength, Refusal, Search } from "./part.tsx";
import { goInstead, goTo, hrefOf } from "./route.ts";

/** Every request to the service as it came, and the faults that wait for the next ones. */
export function RequestsView({ query }: { readonly query: URLSearchParams }) {
  const search = query.get("search") ?? "";
  const refused = query.get("refused") ?? "";
  const offset = query.get("offset") ?? "";
  const asked = new URLSearchParams({ search, refused, offset: offset || "0", limit: String(pageLength) });
  const { answer, error } = useLive<RequestPage>(`request-page?${asked}`);
  const link = (change: Readonly<Record<string, string>>): string =>
    hrefOf(["requests"], { search, refused, ...change });
  return (
    <div class="beside">
      <section class="panel" aria-labelledby="requests-title">
        <h1 id="requests-title">Requests</h1>
        <search class="filter">
          <Search
            label="Search path, ret_code or reason"
            value={search}
            onSearch={(text) => goInstead(link({ search: text }))}
          />
          <Choice
            label="Show"
            value={refused}
            options={[
              ["", "All requests"],
              ["only", "Refused and lost"],
            ]}
            onChoose={(value) => goTo(link({ refused: value }))}
          />
        </search>
        <Refusal>{error}</Refusal>
        <RequestTable requests={answer?.requests ?? []} />
        <Pager
          count={answer?.count ?? 0}
          offset={answer?.offset ?? 0}
          what="request"
          onGo={(next) => goTo(link({ offset: next === 0 ? "" : String(next) }))}
        />
      </section>
      <Faults />
    </div>
  );
}

function RequestTable({ requests }: Pick<RequestPage, "requests">) {
  return (
    <div class="wide">
      <table>
        <caption class="unseen">Requests, newest first</caption>
        <thead>
          <tr>
            <th scope="col">ret_code</th>
            <th scope="col">Request</th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          {requests.map((request) => (
            <tr key={request.number}>
              <td>
                <Outcome request={request} />
              </td>
              <td class="main">
                <code>
                  {request.method} {request.path}
                </code>
                {request.errMsg !== undefined && <span class="why">{request.errMsg}</span>}
                {request.fault !== undefined && <small>met a fault: {request.fault}</small>}
                <details>
                  <summary>Body</summary>
                  <pre>{bodyText(request.body)}</pre>
                </details>
              </td>
              <td class="time">
                <Moment text={serviceText(request.at)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const bodyText = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body, undefined, 2));

function Outcome({ request }: { readonly request: RequestPage["requests"][number] }) {
  if (request.retCode === undefined) return <Badge look="bad">no answer</Badge>;
  return (
    <Badge look={request.retCode === 0 ? "good" : "bad"}>{request.retCode === 0 ? "0 ok" : request.retCode}</Badge>
  );
}
