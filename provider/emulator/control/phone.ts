import * as z from "zod";
import type { World } from "../world.ts";
import type { PhoneDetail, PhonePage } from "./answer.ts";
import { paging, queryOf } from "./query.ts";

/** Some of the phones that match. */
export const readPhonePage = ({ clock, phones }: World, query: URLSearchParams): PhonePage => {
  const { search, offset, limit } = queryOf(z.strictObject(paging), query);
  return { offset, ...phones.search(search, offset, limit, clock.nowMs()) };
};

/** Nobody scrolls further back. */
const shownMessages = 100;

/** A phone and the last messages to it. */
export const readPhone = ({ clock, phones }: World, query: URLSearchParams): PhoneDetail => {
  const { name } = queryOf(z.strictObject({ name: z.string() }), query);
  return { phone: phones.phone(name, clock.nowMs()), messages: phones.messagesTo(name, shownMessages) };
};
