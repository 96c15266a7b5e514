import { describe, test } from "vitest";
import { androidApp, type Emulator, startEmulator } from "../../provider/emulator/index.ts";
import { type Outcome, outcomeOf } from "../../provider/once/outcome.ts";
import { createPushClient, type PushClient } from "../../provider/tpns/client.ts";
import type { PushRequest } from "../../provider/tpns/schema/push-request.ts";
import { doubtful, harmless, type Mishap, mishaps, repeat, withoutId } from "./mishap.ts";
import { type Execution, type Middle, startProxy } from "./proxy.ts";

const start = "2027-02-01T08:00:00+08:00";

const springSale: PushRequest = {
  audience_type: "all",
  message_type: "notify",
  send_time: "2027-02-02 10:00:00",
  message: { title: "Spring sale", content: "20 % off today" },
};

/** A call that changes something, on a service that has what it needs, and what the service shows once it is done. */
interface Change {
  prepare(emulator: Emulator, client: PushClient): Promise<string>;
  call(client: PushClient, pushId: string): Promise<unknown>;
  /** The statuses of all tasks before and after. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const changes: Readonly<Record<string, Change>> = {
  push: {
    prepare: async () => "",
    call: (client) => client.push("spring-sale", springSale),
    before: [],
    after: ["PUSH_WAIT"],
  },
  cancel: {
    prepare: (_, client) => client.push("spring-sale", springSale),
    call: (client, pushId) => client.cancelTimingTask("spring-sale", pushId),
    before: ["PUSH_WAIT"],
    after: ["PUSH_CANCELED"],
  },
  stop: {
    async prepare({ clock }, client) {
      const pushId = await client.push("spring-sale", springSale);
      clock.set("2027-02-02T10:05:00+08:00");
      return pushId;
    },
    call: (client, pushId) => client.stopPushMsg("spring-sale", pushId),
    before: ["PUSH_FINISHED"],
    after: ["PUSH_DELETED_PUSH_MSG"],
  },
};

function changeNamed(name: string): Change {
  const change = changes[name];
  if (change === undefined) throw new Error(`no change ${name}`);
  return change;
}

const reads: Readonly<Record<string, (client: PushClient, pushId: string) => Promise<unknown>>> = {
  "a single record": (client, pushId) => client.getPushRecord("spring-sale", pushId),
  "the record list": (client) => client.listPushRecords({ startDate: "2027-02-01", endDate: "2027-02-02", limit: 200 }),
};

const clientFor = (emulator: Emulator, baseUrl: string, { deadlines }: Partial<Mishap> = {}): PushClient =>
  createPushClient({
    ...androidApp,
    baseUrl,
    localNow: () => emulator.clock.now().getTime(),
    wait: async (seconds) => emulator.clock.step(seconds),
    deadlines: { retry: 1, ...deadlines },
  });

interface World extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly proxy: Middle;
  /** Goes to the service past the proxy. */
  readonly direct: PushClient;
}

async function worldOn(wire: "tls" | "plain"): Promise<World> {
  const emulator = await startEmulator({ now: start, pace: 0 });
  const proxy = await startProxy(emulator.url, wire);
  const direct = clientFor(emulator, emulator.url);
  return {
    emulator,
    proxy,
    direct,
    async [Symbol.asyncDispose]() {
      await direct.close();
      await proxy[Symbol.asyncDispose]();
      await emulator.close();
    },
  };
}

/** What was thrown. */
const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (answer) => {
      throw new Error(`no failure, but ${JSON.stringify(answer)}`);
    },
    (error: unknown) => error,
  );

const statusesOf = (emulator: Emulator): readonly string[] => emulator.records.map(({ status }) => status);

type Wire = "tls" | "plain";

const wires: readonly Wire[] = ["tls", "plain"];

/** What may be said on a wire; nothing where the wire has no such mishap. */
const outcomesOn = (wire: Wire, { outcome, plain }: Mishap): readonly Outcome[] | undefined =>
  wire === "tls" ? [outcome] : plain;

interface Cell {
  readonly wire: Wire;
  readonly name: string;
  readonly mishap: Mishap;
  readonly execution: Execution;
  readonly outcomes: readonly Outcome[];
}

const executions: readonly (readonly [Mishap, Execution])[] = [
  ...[...harmless, repeat].map((mishap) => [mishap, "never"] as const),
  ...[...doubtful, withoutId].flatMap((mishap) => [[mishap, "never"] as const, [mishap, "before"] as const]),
];

/** A remedy's success says no more than that, and only a push can be a repeat. */
const concerns = (name: string, mishap: Mishap): boolean =>
  name === "push" || (mishap !== withoutId && mishap !== repeat);

const changeCells: readonly Cell[] = wires.flatMap((wire) =>
  Object.keys(changes).flatMap((name) =>
    executions
      .filter(([mishap]) => concerns(name, mishap))
      .flatMap(([mishap, execution]) => {
        const outcomes = outcomesOn(wire, mishap);
        return outcomes ? [{ wire, name, mishap, execution, outcomes }] : [];
      }),
  ),
);

const inWords: Readonly<Record<Execution, string>> = {
  never: "not executed",
  before: "executed before",
  late: "executed late",
};

const titled = <C extends Cell>(cells: readonly C[]): (readonly [string, C])[] =>
  cells.map((cell) => [
    `${cell.wire}: ${cell.name} that meets ${cell.mishap.name}, ${inWords[cell.execution]}, is ${cell.outcomes.join(" or ")}`,
    cell,
  ]);

describe("a call that changes something", () => {
  test.concurrent.for(titled(changeCells))("%s, and goes out once", async ([, cell], { expect }) => {
    const { wire, name, mishap, execution, outcomes } = cell;
    await using world = await worldOn(wire);
    const { emulator, proxy, direct } = world;
    const { prepare, call, before, after } = changeNamed(name);
    const pushId = await prepare(emulator, direct);
    expect(statusesOf(emulator)).toEqual(before);
    await proxy.arm(mishap, execution);
    const client = clientFor(emulator, proxy.url, mishap);

    const failure = await failureOf(call(client, pushId));
    await client.close();

    expect(outcomes).toContain(outcomeOf(failure));
    expect(statusesOf(emulator)).toEqual(execution === "before" ? after : before);
    expect(proxy.connections).toBe(mishap.play.at === "port" ? 0 : 1);
  });
});

const readCells = wires.flatMap((wire) =>
  Object.keys(reads).flatMap((name) =>
    mishaps.flatMap((mishap) => {
      const outcomes = outcomesOn(wire, mishap);
      return outcomes ? [{ wire, name, mishap, execution: "never", outcomes } satisfies Cell] : [];
    }),
  ),
);

const maxAttempts = 4;

const prepared = async ({ emulator, direct }: World): Promise<string> => {
  const pushId = await direct.push("spring-sale", springSale);
  emulator.clock.step(60);
  return pushId;
};

describe("a host that no name server knows", () => {
  test.for(["http", "https"])("%s: is not sent", async (scheme, { expect }) => {
    const client = createPushClient({ ...androidApp, baseUrl: `${scheme}://nowhere.invalid` });

    const failure = await failureOf(client.push("spring-sale", springSale));
    await client.close();

    expect([String(failure), outcomeOf(failure)]).toEqual([
      expect.stringMatching(
        /: no connection to https?:\/\/nowhere.invalid \((ENOTFOUND|EAI_AGAIN)\); check accessPoint/,
      ),
      "notSent",
    ]);
  });
});

describe("a call that only reads", () => {
  test.concurrent.for(titled(readCells))("%s, each time", async ([, cell], { expect }) => {
    const { wire, name, mishap, outcomes } = cell;
    await using world = await worldOn(wire);
    const { emulator, proxy } = world;
    const pushId = await prepared(world);
    await proxy.arm(mishap, "never");
    const client = clientFor(emulator, proxy.url, mishap);

    const failure = await failureOf(readNamed(name)(client, pushId));
    await client.close();

    expect(outcomes).toContain(outcomeOf(failure));
    expect(proxy.connections).toBe(attemptsOf(mishap));
  });

  const passing = readCells.filter(({ mishap }) => mishap.play.at !== "port");

  test.concurrent.for(titled(passing))("%s, but for once", async ([, cell], { expect }) => {
    const { wire, name, mishap } = cell;
    await using world = await worldOn(wire);
    const { emulator, proxy } = world;
    const pushId = await prepared(world);
    await proxy.arm(mishap, "never", 0, 1);
    const client = clientFor(emulator, proxy.url, mishap);

    const answered = await readNamed(name)(client, pushId).then(
      () => true,
      () => false,
    );
    await client.close();

    expect([answered, proxy.connections]).toEqual([mishap.repeated === true, mishap.repeated === false ? 1 : 2]);
  });
});

const attemptsOf = ({ play, repeated }: Mishap): number => {
  if (play.at === "port") return 0;
  if (repeated === "in vain") return 2;
  return repeated ? maxAttempts : 1;
};

function readNamed(name: string) {
  const read = reads[name];
  if (read === undefined) throw new Error(`no read ${name}`);
  return read;
}
