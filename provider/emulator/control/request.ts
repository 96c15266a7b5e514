import * as z from "zod";
import type { LoggedRequest } from "../logged-request.ts";
import type { World } from "../world.ts";
import type { RequestPage } from "./answer.ts";
import { paging, queryOf } from "./query.ts";

const Wanted = z.strictObject({ ...paging, refused: z.enum(["", "only"]).default("") });

/** Some of the requests that match, newest first. */
export const readRequestPage = ({ requests }: World, query: URLSearchParams): RequestPage => {
  const { search, offset, limit, refused } = queryOf(Wanted, query);
  const matching = requests.entries
    .map((request, index) => ({ ...request, number: index + 1 }))
    .filter((request) => (refused === "" || request.retCode !== 0) && holds(request, search))
    .reverse();
  return { count: matching.length, offset, requests: matching.slice(offset, offset + limit) };
};

const holds = ({ method, path, retCode, errMsg = "" }: LoggedRequest, search: string): boolean =>
  `${method} ${path} ${retCode} ${errMsg}`.toLowerCase().includes(search.toLowerCase());
