import { type Channel, channels } from "../../tpns/schema/channel.ts";
import type { Condition } from "../audience.ts";
import { canOverride } from "../override.ts";
import type { Alert, Notification, Phone, PhoneSpec } from "../phone.ts";
import { hourMs } from "../service-time.ts";
import type { Switches } from "../switches.ts";
import type { Database, Row, Values } from "./database.ts";
import type { StoredTask } from "./store.ts";

/** How far a message has come on one phone. */
const states = {
  /** In offline storage. */
  stored: 0,
  /** At the phone, until the hours in which it may be shown begin. */
  held: 1,
  /** Silent. */
  received: 2,
  /** In the notification centre. */
  shown: 3,
  clicked: 4,
  /** Taken off by a recall. */
  withdrawn: 5,
  /** An override took its place. */
  replaced: 6,
  /** It never arrived: terminated, too old, or pushed out of storage by later ones. */
  dropped: 7,
} as const;

type State = (typeof states)[keyof typeof states];

const stateNames = [
  "stored",
  "held",
  "received",
  "shown",
  "clicked",
  "withdrawn",
  "replaced",
  "dropped",
] as const satisfies readonly (keyof typeof states)[];

const stateNameOf = (state: unknown): keyof typeof states =>
  stateNames.find((name) => states[name] === state) ?? "dropped";

const channelOf = (column: unknown): Channel => {
  const channel = channels.find((candidate) => candidate === column);
  if (channel === undefined) throw new Error(`the data names the channel ${column}; please report this`);
  return channel;
};

const alerting: readonly State[] = [states.shown, states.clicked, states.withdrawn, states.replaced];

const listOf = (some: readonly number[]): string => `(${some.join(", ")})`;

/** An offline phone gets the last three; its APNs keeps one, and that for a day. */
const storedMessages = 3;
const storedMessagesOfApns = 1;
const storageOfApnsMs = 24 * hourMs;

/** Some of an app's phones, by their ids. */
export interface Span {
  /** Exclusive. */
  readonly after: number;
  /** Inclusive. */
  readonly upTo: number;
}

/** What a task's messages meet on the way. */
export interface Conveyance {
  readonly nowMs: number;
  readonly storedUntilMs: number;
  readonly audience: Condition;
  readonly switches: Switches;
  /** The own channel holds it back for now. */
  readonly isHeld: boolean;
}

/** What a phone that comes online meets. */
export interface Arrival {
  readonly nowMs: number;
  readonly switches: Switches;
  /** Whether the own channel holds a task back for now. */
  readonly isHeld: (task: number) => boolean;
}

/** How many messages of a task are in a state, by channel. */
export interface Progress {
  readonly channel: Channel;
  readonly state: keyof typeof states;
  readonly count: number;
}

/** A message to a phone, and what became of it. */
export interface Message extends Alert {
  readonly channel: Channel;
  readonly state: keyof typeof states;
}

/** The phones and what reached each: the count that nobody can talk away. */
export class Phones {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(spec: PhoneSpec): void {
    const { name, accessId, system, channel, emui = 10, online = true, environment = "product" } = spec;
    const { connected = false, otherPackage = false, tags = [], accounts = [], attributes = {} } = spec;
    const values = { app: accessId, name, system, channel, emui, environment, token: tokenOf(spec) };
    const flags = { online: Number(online), connected: Number(connected), otherPackage: Number(otherPackage) };
    const row = this.#database.get(
      `insert into phone (app, name, token, system, channel, emui, environment, online, connected, otherPackage)
       values (:app, :name, :token, :system, :channel, :emui, :environment, :online, :connected, :otherPackage)
       returning id`,
      { ...values, ...flags },
    );
    const phone = Number(row?.id);
    for (const tag of tags) this.addTag(phone, tag);
    for (const account of accounts) this.bind(accessId, phone, account, 0);
    for (const [attribute, value] of Object.entries(attributes)) this.setAttribute(phone, attribute, value);
  }

  count(): number {
    return Number(this.#database.get("select count(*) as phones from phone")?.phones);
  }

  /** The id of an app's last phone; ids begin at 1. */
  lastId(accessId: string): number {
    return Number(
      this.#database.get("select max(id) as last from phone where app = :accessId", { accessId })?.last ?? 0,
    );
  }

  addTag(phone: number, tag: string): void {
    this.#database.run("insert or ignore into tag (phone, tag) values (:phone, :tag)", { phone, tag });
  }

  removeTag(phone: number, tag: string): void {
    this.#database.run("delete from tag where phone = :phone and tag = :tag", { phone, tag });
  }

  tagsOf(phone: number): readonly string[] {
    return this.#texts("select tag as text from tag where phone = :phone order by tag", { phone });
  }

  /** Those that are not the service's own. */
  customTagsOf(phone: number): readonly string[] {
    return this.tagsOf(phone).filter((tag) => !automaticTag.test(tag));
  }

  /** Whether any of the app's phones has a tag. */
  hasTag(accessId: string, tag: string): boolean {
    const sql = "select 1 from tag join phone on phone.id = tag.phone where tag.tag = :tag and phone.app = :accessId";
    return this.#database.get(`${sql} limit 1`, { accessId, tag }) !== undefined;
  }

  /** How many tags the app's phones have that are not the service's own. */
  countCustomTags(accessId: string): number {
    const row = this.#database.get(
      `select count(distinct tag.tag) as tags from tag join phone on phone.id = tag.phone
       where phone.app = :accessId and tag.tag not glob '${automaticTags}'`,
      { accessId },
    );
    return Number(row?.tags);
  }

  removeTagEverywhere(accessId: string, tags: readonly string[]): void {
    this.#database.run(
      `delete from tag where tag in (select value from json_each(:tags)) and tag not glob '${automaticTags}'
       and phone in (select id from phone where app = :accessId)`,
      { accessId, tags: JSON.stringify(tags) },
    );
  }

  /** How many of the app's phones have each value of one of the service's own tags, the most frequent first. */
  valuesOfAutomaticTag(accessId: string, type: string): readonly { value: string; count: number }[] {
    return this.#database
      .all(
        `select substr(tag.tag, length(:type) + 2) as value, count(*) as count
         from tag join phone on phone.id = tag.phone
         where phone.app = :accessId and tag.tag glob :type || ':*' group by value order by count desc, value`,
        { accessId, type },
      )
      .map(({ value, count }) => ({ value: String(value), count: Number(count) }));
  }

  /** Logs an account in; the device that did so last is the account's newest. */
  bind(app: string, phone: number, account: string, type: number): void {
    this.unbind(phone, account);
    this.#database.run("insert into account (app, account, phone, type) values (:app, :account, :phone, :type)", {
      app,
      phone,
      account,
      type,
    });
  }

  unbind(phone: number, account: string): void {
    this.#database.run("delete from account where phone = :phone and account = :account", { phone, account });
  }

  unbindAll(phone: number): void {
    this.#database.run("delete from account where phone = :phone", { phone });
  }

  unbindType(phone: number, type: number): void {
    this.#database.run("delete from account where phone = :phone and type = :type", { phone, type });
  }

  /** Logs an account out on all of the app's phones. */
  unbindEverywhere(app: string, account: string, type: number): void {
    this.#database.run("delete from account where app = :app and account = :account and type = :type", {
      app,
      account,
      type,
    });
  }

  /** The tokens of the phones on which an account is logged in, that which did so first at the head. */
  tokensOfAccount(app: string, account: string, type: number): readonly string[] {
    return this.#texts(
      `select phone.token as text from account join phone on phone.id = account.phone
       where account.app = :app and account.account = :account and account.type = :type order by account.seq`,
      { app, account, type },
    );
  }

  /** The accounts of a phone, as the service tells them. */
  typedAccountsOf(phone: number): readonly { account: string; account_type: number }[] {
    return this.#database
      .all("select account, type from account where phone = :phone order by seq", { phone })
      .map(({ account, type }) => ({ account: String(account), account_type: Number(type) }));
  }

  accountsOf(phone: number): readonly string[] {
    return this.#texts("select account as text from account where phone = :phone order by seq", { phone });
  }

  setAttribute(phone: number, name: string, value: string): void {
    this.#database.run("insert or replace into attribute (phone, name, value) values (:phone, :name, :value)", {
      phone,
      name,
      value,
    });
  }

  removeAttribute(phone: number, name: string): void {
    this.#database.run("delete from attribute where phone = :phone and name = :name", { phone, name });
  }

  removeAttributes(phone: number): void {
    this.#database.run("delete from attribute where phone = :phone", { phone });
  }

  /** Whether any of the app's phones has an attribute. */
  hasAttribute(accessId: string, name: string): boolean {
    const sql = "select 1 from attribute join phone on phone.id = attribute.phone";
    const where = "where attribute.name = :name and phone.app = :accessId";
    return this.#database.get(`${sql} ${where} limit 1`, { accessId, name }) !== undefined;
  }

  attributesOf(phone: number): ReadonlyMap<string, string> {
    const rows = this.#database.all("select name, value from attribute where phone = :phone", { phone });
    return new Map(rows.map(({ name, value }) => [String(name), String(value)]));
  }

  /** The app's phone with a token; undefined if none has it. */
  withToken(accessId: string, token: string): number | undefined {
    const row = this.#database.get("select id from phone where token = :token and app = :accessId", {
      accessId,
      token,
    });
    return row && Number(row.id);
  }

  /** How many phones an app has, and how many of them are online. */
  devicesOf(accessId: string): { all: number; online: number } {
    const row = this.#database.get(
      "select count(*) as devices, total(online) as online from phone where app = :accessId",
      {
        accessId,
      },
    );
    return { all: Number(row?.devices), online: Number(row?.online) };
  }

  /** Whether an account is logged in on any of the app's phones. */
  hasAccount(accessId: string, account: string): boolean {
    const values = { accessId, account };
    return (
      this.#database.get("select 1 from account where app = :accessId and account = :account", values) !== undefined
    );
  }

  /** Brings a task to some of its phones: shown, or stored for those that are offline. */
  deliver(task: StoredTask, span: Span, conveyance: Conveyance): void {
    const { nowMs, storedUntilMs, audience, isHeld } = conveyance;
    const { values, via, conditions } = reachOf(task, conveyance);
    const state = task.messageType === "message" ? states.received : states.shown;
    const span_ = { app: task.accessId, task: task.number, after: span.after, upTo: span.upTo };
    this.#database.run(
      `insert into delivery (task, phone, channel, state, atMs, storedUntilMs)
       select :task, id, via,
         case
           when not online then case when until > :nowMs then ${states.stored} else ${states.dropped} end
           when via = 'xg' and :isHeld then ${states.held}
           else ${state}
         end,
         :nowMs, until
       from (
         select *, case when via = 'apns' then min(:storedUntilMs, :nowMs + ${storageOfApnsMs}) else :storedUntilMs end as until
         from (
           select phone.*, ${via} as via from phone
           where app = :app and id > :after and id <= :upTo and (${audience.sql})
         ) as phone
         where ${conditions}
       )`,
      { ...span_, ...values, ...audience.values, nowMs, storedUntilMs, isHeld: Number(isHeld) },
    );
    if (task.personal !== undefined) this.#word(task, span);
    if (task.overrides) this.#replace(task, span_, conveyance.switches);
    this.#dropBeyondStorage(span_, nowMs);
  }

  /** Shows what the own channel has held back. */
  release(task: StoredTask, nowMs: number, switches: Switches): void {
    const span = { app: task.accessId, task: task.number, after: 0, upTo: this.lastId(task.accessId) };
    const state = task.messageType === "message" ? states.received : states.shown;
    this.#database.run(
      `update delivery set state = ${state}, atMs = :nowMs where task = :task and state = ${states.held}`,
      { task: task.number, nowMs },
    );
    if (task.overrides) this.#replace(task, span, switches);
  }

  /** Deletes from offline storage what a task left there, and what is held back of it. */
  dropStored({ number }: StoredTask): void {
    this.#database.run(
      `update delivery set state = ${states.dropped} where task = :number and state in ${listOf([states.stored, states.held])}`,
      { number },
    );
  }

  /** Makes the notifications of a task that nobody clicked disappear, without alerting. */
  withdraw({ number }: StoredTask): void {
    this.#database.run(
      `update delivery set state = ${states.withdrawn} where task = :number and state = ${states.shown}`,
      {
        number,
      },
    );
  }

  /** Going online delivers what is stored and not too old, in the order of the push ids. Gives the tasks that are held back. */
  setOnline(name: string, online: boolean, { nowMs, switches, isHeld }: Arrival): readonly number[] {
    const phone = this.#id(name);
    this.#database.run("update phone set online = :online where id = :phone", { phone, online: Number(online) });
    if (!online) return [];
    const held: number[] = [];
    const waiting = this.#database.all(
      `select delivery.task, delivery.storedUntilMs, delivery.channel, json_extract(task.push, '$.messageType') as kind, task.overrides, task.app
       from delivery join task on task.number = delivery.task
       where delivery.phone = :phone and delivery.state = ${states.stored} order by delivery.task`,
      { phone },
    );
    for (const { task, storedUntilMs, channel, kind, overrides, app } of waiting) {
      const isLate = Number(storedUntilMs) <= nowMs;
      const waits = !isLate && channel === "xg" && isHeld(Number(task));
      if (waits) held.push(Number(task));
      const arrived = kind === "message" ? states.received : states.shown;
      const state = isLate ? states.dropped : waits ? states.held : arrived;
      const values = { task: Number(task), phone, nowMs, state };
      this.#database.run(
        "update delivery set state = :state, atMs = :nowMs where task = :task and phone = :phone",
        values,
      );
      if (overrides === 1) {
        this.#replace(
          { number: Number(task) },
          { app: String(app), task: Number(task), after: phone - 1, upTo: phone },
          switches,
        );
      }
    }
    return held;
  }

  /** Its owner opens a notification, the newest unless told; it leaves the centre. */
  click(name: string, pushId: string | undefined): void {
    const phone = this.#id(name);
    const [newest] = this.#database.all(
      `select delivery.task from delivery join task on task.number = delivery.task
       where delivery.phone = :phone and delivery.state = ${states.shown} and (:pushId is null or task.pushId = :pushId)
       order by delivery.atMs desc, delivery.task desc limit 1`,
      { phone, pushId: pushId ?? null },
    );
    if (newest === undefined) throw new Error(`phone "${name}" shows no notification ${pushId ?? "at all"}`);
    this.#database.run(`update delivery set state = ${states.clicked} where task = :task and phone = :phone`, {
      phone,
      task: Number(newest.task),
    });
  }

  /** How far a task has come. */
  progressOf({ number }: StoredTask): readonly Progress[] {
    return this.#database
      .all("select channel, state, count(*) as count from delivery where task = :number group by channel, state", {
        number,
      })
      .map(({ channel, state, count }) => ({
        channel: channelOf(channel),
        state: stateNameOf(state),
        count: Number(count),
      }));
  }

  /** The push ids that reached a phone, or are on their way to it, newest first. */
  tasksTo(phone: number): readonly string[] {
    return this.#texts(
      `select task.pushId as text from delivery join task on task.number = delivery.task
       where delivery.phone = :phone order by delivery.task desc`,
      { phone },
    );
  }

  /** The last messages to a phone, whatever became of them, newest first. */
  messagesTo(name: string, limit: number): readonly Message[] {
    const rows = this.#database.all(
      `select task.pushId, coalesce(wording.title, task.title) as title, coalesce(wording.content, task.content) as content,
         delivery.channel, delivery.state, delivery.atMs
       from delivery join task on task.number = delivery.task
       left join wording on wording.task = delivery.task and wording.phone = delivery.phone
       where delivery.phone = :phone order by delivery.atMs desc, delivery.task desc limit :limit`,
      { phone: this.#id(name), limit },
    );
    return rows.map((row) => ({ ...alertOf(row), channel: channelOf(row.channel), state: stateNameOf(row.state) }));
  }

  /** Every phone as it is now, in the order in which they were added. */
  all(nowMs: number): readonly Phone[] {
    return this.#database.all("select * from phone order by id").map((row) => this.#view(row, nowMs));
  }

  /** Those whose name, token, tag or account holds a text: some of them, and how many there are. */
  search(text: string, offset: number, limit: number, nowMs: number): { count: number; phones: readonly Phone[] } {
    const where = `:text = '' or instr(name, :text) > 0 or token = :text or channel = :text
      or id in (select phone from tag where tag = :text)
      or id in (select phone from account where account = :text)`;
    const values = { text, offset, limit };
    const count =
      text === ""
        ? this.count()
        : Number(this.#database.get(`select count(*) as n from phone where ${where}`, values)?.n);
    const rows = this.#database.all(
      `select * from phone where ${where} order by id limit :limit offset :offset`,
      values,
    );
    return { count, phones: rows.map((row) => this.#view(row, nowMs)) };
  }

  /** @throws where there is no phone of that name. */
  phone(name: string, nowMs: number): Phone {
    const row = this.#database.get("select * from phone where id = :id", { id: this.#id(name) });
    if (row === undefined) throw new Error(`phone "${name}" is gone; please report this`);
    return this.#view(row, nowMs);
  }

  #id(name: string): number {
    const row = this.#database.get("select id from phone where name = :name", { name });
    if (row !== undefined) return Number(row.id);
    const names = this.#texts("select name as text from phone order by id limit 20");
    throw new Error(
      `there is no phone "${name}"; write one of ${names.join(", ")}${this.count() > names.length ? ", ..." : ""}`,
    );
  }

  #view(row: Row, nowMs: number): Phone {
    const phone = Number(row.id);
    const channel = channelOf(row.channel);
    const deliveries = this.#database.all(
      `select task.pushId, coalesce(wording.title, task.title) as title, coalesce(wording.content, task.content) as content,
         delivery.state, delivery.atMs, delivery.storedUntilMs
       from delivery join task on task.number = delivery.task
       left join wording on wording.task = delivery.task and wording.phone = delivery.phone
       where delivery.phone = :phone order by delivery.atMs, delivery.task`,
      { phone },
    );
    const inState = (...some: readonly State[]) => deliveries.filter(({ state }) => some.some((one) => one === state));
    return {
      name: String(row.name),
      accessId: String(row.app),
      system: row.system === "ios" ? "ios" : "android",
      channel,
      ...(channel === "hw" ? { emui: Number(row.emui) } : {}),
      online: row.online === 1,
      tags: this.tagsOf(phone),
      accounts: this.accountsOf(phone),
      token: String(row.token),
      notifications: inState(states.shown).map(notificationOf),
      alerts: inState(...alerting).map(alertOf),
      received: inState(...alerting, states.received).map(alertOf),
      stored: inState(states.stored)
        .filter(({ storedUntilMs }) => Number(storedUntilMs) > nowMs)
        .map(({ pushId }) => String(pushId)),
    };
  }

  /** What shows a message of the same collapse id shows it no more. */
  #replace({ number }: Pick<StoredTask, "number">, span: SpanOfTask, switches: Switches): void {
    this.#database.run(
      `update delivery set state = ${states.replaced}
       where state in ${listOf([states.shown, states.held])}
         and task in (
           select older.number from task as older join task as override
           on older.app = override.app and older.collapseId = override.collapseId and older.number <> override.number
           where override.number = :number
         )
         and phone in (
           select now.phone from delivery as now join phone on phone.id = now.phone
           where now.task = :number and now.phone > :after and now.phone <= :upTo and now.state = ${states.shown}
             and ${canOverride("now.channel", "phone.emui", switches)}
         )`,
      { number, after: span.after, upTo: span.upTo },
    );
  }

  /** Of what a phone's storage holds the last few stay. */
  #dropBeyondStorage({ task, after, upTo }: SpanOfTask, nowMs: number): void {
    const values = { task, after, upTo, nowMs };
    const stored = `select phone from delivery where task = :task and phone > :after and phone <= :upTo and state = ${states.stored}`;
    this.#database.run(
      `update delivery set state = ${states.dropped} where (task, phone) in (
         select task, phone from (
           select task, phone, channel,
             row_number() over (partition by phone order by atMs desc, task desc) as place
           from delivery where phone in (${stored}) and state = ${states.stored} and storedUntilMs > :nowMs
         )
         where place > case channel when 'apns' then ${storedMessagesOfApns} else ${storedMessages} end
       )`,
      values,
    );
  }

  /** Fills the phones' attributes into the text; one that lacks any of them gets the default. */
  #word({ number, title, content, personal }: StoredTask, { after, upTo }: Span): void {
    const reached = this.#database.all(
      "select phone from delivery where task = :number and phone > :after and phone <= :upTo",
      { number, after, upTo },
    );
    for (const row of reached) {
      const phone = Number(row.phone);
      const attributes = this.attributesOf(phone);
      const values = {
        number,
        phone,
        title: filledIn(title, attributes) ?? personal?.defaultTitle ?? "",
        content: filledIn(content, attributes) ?? personal?.defaultContent ?? "",
      };
      this.#database.run(
        "insert or replace into wording (task, phone, title, content) values (:number, :phone, :title, :content)",
        values,
      );
    }
  }

  #texts(sql: string, values: Values = {}): readonly string[] {
    return this.#database.all(sql, values).map(({ text }) => String(text));
  }
}

interface SpanOfTask extends Span {
  readonly app: string;
  readonly task: number;
}

/** Over which channel a task reaches a phone, and on which conditions. */
const reachOf = (task: StoredTask, { switches }: Conveyance) => {
  const ownChannel = task.prefersOwnChannel && !task.disabledChannels.includes("xg");
  const conditions = [
    "via not in (select value from json_each(:disabled))",
    "(system = 'android' or environment = :environment)",
    task.multiPkg ? "true" : "not otherPackage",
    // Android's silent messages travel over the own channel alone.
    task.messageType === "message" ? "(system = 'ios' or via = 'xg')" : "true",
    task.overrides && !task.forceCollapse ? canOverride("via", "emui", switches) : "true",
  ];
  return {
    values: { disabled: JSON.stringify(task.disabledChannels), environment: task.environment },
    via: ownChannel ? "case when connected and online and system = 'android' then 'xg' else channel end" : "channel",
    conditions: conditions.join(" and "),
  };
};

/** Automatic tags stand beside the custom ones, with their type before them. */
const automaticTag = /^xg_auto_\w+:/;
const automaticTags = "xg_auto_*:*";

const placeholder = /\{\{([^{}]+)\}\}/g;

/** Undefined where an attribute is lacking. */
const filledIn = (text: string, attributes: ReadonlyMap<string, string>): string | undefined => {
  const names = [...text.matchAll(placeholder)].map(([, name = ""]) => name.trim());
  if (names.some((name) => !attributes.has(name))) return undefined;
  return text.replaceAll(placeholder, (_, name: string) => attributes.get(name.trim()) ?? "");
};

const notificationOf = ({ pushId, title, content }: Row): Notification => ({
  pushId: String(pushId),
  title: String(title),
  content: String(content),
});

const alertOf = (row: Row): Alert => ({ ...notificationOf(row), at: new Date(Number(row.atMs)).toISOString() });

const tokenLength = 36;

const tokenOf = ({ accessId, name, token }: PhoneSpec): string =>
  token ?? `${accessId}-${name}`.slice(0, tokenLength).padEnd(tokenLength, "0");
