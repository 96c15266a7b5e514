import { Temporal } from "temporal-polyfill";
import { approvalBy, parseApproval } from "./approval.ts";

/** What no message may do; a preview refuses it with the rule's name. */
export interface GuardArgs {
  /** Days on which nothing goes out, `2027-04-05`, in a zone such as `Asia/Shanghai`. */
  freezeDays?: { days: string[]; timeZone: string };
  /** The part of the day in which messages go out, `09:00` to `21:00`; over midnight too. */
  allowedHours?: { from: string; until: string; timeZone: string };
  /** Hosts to which links may point, and what lies under them: `shop.example` allows `www.shop.example`. */
  linkHosts?: string[];
  /** Words that stand in no message, in whatever case. */
  bannedWords?: string[];
  /** Kinds of audience, such as `all`, whose messages go out only with an `approvedBy` for the very text and audience. */
  approval?: string[];
}

/** What is judged of a task. */
export interface Guarded {
  /** Undefined where it is not known. */
  readonly sendAt: Date | undefined;
  /** Whatever phones show, or open. */
  readonly message: unknown;
  /** The kind; undefined where it is not known. */
  readonly audience: string | undefined;
  /** Of what is declared; undefined where that is not known. */
  readonly approvalHash: string | undefined;
  readonly approvedBy: readonly string[];
}

/** One line for each rule that a task breaks: the rule, what is wrong, and what to write. */
export function brokenRules(guards: GuardArgs, guarded: Guarded): readonly string[] {
  const { sendAt, message } = guarded;
  const texts = textsIn(message);
  return [
    ...(sendAt ? [...frozen(guards, sendAt), ...outOfHours(guards, sendAt)] : []),
    ...strangeLinks(guards, texts),
    ...bannedIn(guards, texts),
    ...unapproved(guards, guarded),
  ];
}

/** @throws one line where a rule itself is wrong. */
export function checkGuards({
  freezeDays,
  allowedHours,
  linkHosts = [],
  bannedWords = [],
  approval = [],
}: GuardArgs): void {
  const kind = approval.find((audience) => !audienceKinds.includes(audience));
  if (kind !== undefined) {
    throw new Error(`guards.approval ${kind} is no kind of audience; write some of ${audienceKinds.join(", ")}`);
  }
  if (bannedWords.some((word) => word.trim() === "")) {
    throw new Error("guards.bannedWords has an empty word, which every message has; leave it out");
  }
  for (const day of freezeDays?.days ?? []) {
    if (!isDay(day)) throw new Error(`guards.freezeDays ${day} is no day; write for example "2027-04-05"`);
  }
  for (const time of allowedHours ? [allowedHours.from, allowedHours.until] : []) {
    if (!isTime(time)) throw new Error(`guards.allowedHours ${time} is no time of day; write for example "09:00"`);
  }
  for (const zone of [freezeDays?.timeZone, allowedHours?.timeZone]) {
    if (zone !== undefined && !isZone(zone)) {
      throw new Error(`guards: ${zone} is no IANA time zone; write for example "Asia/Shanghai"`);
    }
  }
  const host = linkHosts.find((name) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(name));
  if (host !== undefined) throw new Error(`guards.linkHosts ${host} is no host; write for example "shop.example"`);
}

/** In the service's words. */
const audienceKinds: readonly string[] = [
  "all",
  "tag",
  "token",
  "token_list",
  "account",
  "account_list",
  "package_account_push",
  "package_token_push",
];

const isDay = (text: string): boolean =>
  succeeds(() => Temporal.PlainDate.from(text, { overflow: "reject" })) && text.length === 10;

const isTime = (text: string): boolean =>
  /^\d{2}:\d{2}$/.test(text) && succeeds(() => Temporal.PlainTime.from(text, { overflow: "reject" }));

const isZone = (text: string): boolean => succeeds(() => new Date(0).toLocaleString("en", { timeZone: text }));

function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

const inZone = (at: Date, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);

function frozen({ freezeDays }: GuardArgs, sendAt: Date): readonly string[] {
  if (freezeDays === undefined) return [];
  const day = inZone(sendAt, freezeDays.timeZone).toPlainDate().toString();
  if (!freezeDays.days.includes(day)) return [];
  return [`freezeDays: nothing goes out on ${day} in ${freezeDays.timeZone}; write another sendTime`];
}

function outOfHours({ allowedHours }: GuardArgs, sendAt: Date): readonly string[] {
  if (allowedHours === undefined) return [];
  const { from, until, timeZone } = allowedHours;
  const time = inZone(sendAt, timeZone).toPlainTime().toString({ smallestUnit: "minute" });
  const isWithin = from <= until ? from <= time && time < until : time >= from || time < until;
  return isWithin
    ? []
    : [
        `allowedHours: it goes out at ${time} in ${timeZone}, and messages do from ${from} until ${until}; write another sendTime`,
      ];
}

/** What phones or apps take for a link: with a scheme, however its slashes are written, or a name that begins with www. */
const link = /(?:https?:[\\/]*|(?<![\w:/.])(?:\/\/|www\.))[^\s"'<>\u3000-\u303f\uff00-\uffef]+/gi;

const closing = /[.,;:!?)\]}]+$/;

/** Empty where it has none that is plain. */
function hostOf(found: string): string {
  const slashed = found.replaceAll("\\", "/").replace(/^(https?:)\/*/i, "$1//");
  const address = /^https?:/i.test(slashed) ? slashed : `https://${slashed.replace(/^\/\//, "")}`;
  return URL.parse(address)?.hostname ?? "";
}

function strangeLinks({ linkHosts }: GuardArgs, texts: readonly string[]): readonly string[] {
  if (linkHosts === undefined) return [];
  // JSON within a text may write its slashes with backslashes.
  const plain = texts.map((text) => text.replaceAll("\\/", "/"));
  const links = plain.flatMap((text) => text.match(link) ?? []).map((found) => found.replace(closing, ""));
  const strange = links.find((found) => !linkHosts.some((host) => isUnder(hostOf(found), host.toLowerCase())));
  return strange === undefined
    ? []
    : [`linkHosts: ${strange} points to none of ${linkHosts.join(", ")}; write another link`];
}

const isUnder = (name: string, host: string): boolean => name === host || name.endsWith(`.${host}`);

function bannedIn({ bannedWords = [] }: GuardArgs, texts: readonly string[]): readonly string[] {
  const all = texts.map((text) => text.toLowerCase());
  const word = bannedWords.find((banned) => all.some((text) => text.includes(banned.toLowerCase())));
  return word === undefined ? [] : [`bannedWords: the message has "${word}"; write it without`];
}

function unapproved(
  { approval = [] }: GuardArgs,
  { audience, approvalHash: hash, approvedBy }: Guarded,
): readonly string[] {
  if (approval.length === 0 || (audience !== undefined && !approval.includes(audience))) return [];
  if (audience === undefined || hash === undefined) {
    return ["approval: its text or its audience is not known yet, so that nobody can have approved it; write them out"];
  }
  const given = approvedBy.map((text) => ({ text, ...parseApproval(text) }));
  if (given.some((one) => one.hash === hash)) return [];
  const wrong = given.find((one) => one.hash === undefined);
  const before = given.flatMap(({ name }) => name ?? []);
  const why = wrong
    ? `"${wrong.text}" in approvedBy names no hash`
    : before.length > 0
      ? `its text or its audience is not the one that ${before.join(" and ")} approved`
      : `a message to ${audience} needs approvedBy`;
  return [`approval: ${why}; who approves it writes approvedBy: ["${approvalBy("<name>", hash)}"]`];
}

/** Every text within a value, however deep. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
