import { describe, expect } from "vitest";
import type { App, Emulator } from "../../../provider/emulator/index.ts";
import type { KnownPhase } from "../../../provider/remedy/phase.ts";
import { alertsOf, corrected, type Properties, pushesTo, type RunOptions, test } from "../fixture.ts";
import {
  alertsFor,
  androidApp,
  type Brought,
  bring,
  centresOf,
  changesTo,
  consenting,
  finish,
  type Got,
  iosApp,
  laterTime,
  lineOf,
  phases,
  pushIdOf,
  runOn,
  statusesOf,
  taskOf,
  worldOf,
} from "./world.ts";

const first = "20 % off today";
const second = "30 % off today";

/** What everybody has got in the end of a task that nobody touched. */
const untouched: Record<KnownPhase, Got> = {
  pending: { replacing: [first], keeping: [first], offline: [first] },
  live: { replacing: [first], keeping: [first], offline: [first] },
  // Offline storage has dropped it by now.
  sent: { replacing: [first], keeping: [first], offline: [] },
  archived: { replacing: [first], keeping: [first], offline: [] },
  withdrawn: { replacing: [], keeping: [], offline: [] },
  failed: { replacing: [], keeping: [], offline: [] },
  skipped: { replacing: [], keeping: [], offline: [] },
};

const nobody: Got = { replacing: [], keeping: [], offline: [] };

/** The status of the task's first push, by the phase in which it was brought. */
const statusIn: Record<KnownPhase, readonly string[]> = {
  pending: ["PUSH_WAIT"],
  live: ["PUSH_FINISHED"],
  sent: ["PUSH_FINISHED"],
  archived: ["PUSH_FINISHED"],
  withdrawn: ["PUSH_CANCELED"],
  failed: ["PUSH_FAILED"],
  skipped: [],
};

/** What a step of the table leaves behind. */
interface Outcome {
  readonly statuses: readonly string[];
  readonly phase: string;
  readonly pushes: 0 | 1;
  /** At once; what is scheduled has still to come. */
  readonly shows: Got;
  /** After everything that is scheduled went out, and every phone came online. */
  readonly alerts: Got;
}

type Effect = (phase: KnownPhase, content: string) => Outcome;

/** Nothing went out or will before the moment at which `phase` was brought, but what was shown stays. */
const shownIn = (phase: KnownPhase): Got =>
  phase === "live" || phase === "sent" || phase === "archived" ? { ...untouched[phase], offline: [] } : nobody;

/** The rows' verbs. */
const effects = {
  recorded: (phase) => ({
    statuses: statusIn[phase],
    phase,
    pushes: 0,
    shows: shownIn(phase),
    alerts: untouched[phase],
  }),
  corrected: (_, content) => ({
    statuses: ["PUSH_CANCELED", "PUSH_WAIT"],
    phase: "pending",
    pushes: 1,
    shows: nobody,
    alerts: { replacing: [content], keeping: [content], offline: [content] },
  }),
  pushedAnew: (phase, content) => ({
    statuses: [...statusIn[phase], "PUSH_WAIT"],
    phase: "pending",
    pushes: 1,
    shows: nobody,
    alerts: { replacing: [content], keeping: [content], offline: [content] },
  }),
  overridden: (_, content) => ({
    statuses: ["PUSH_COLLAPSED", "PUSH_STARTED"],
    phase: "live",
    pushes: 1,
    shows: { replacing: [content], keeping: [first], offline: [] },
    alerts: { replacing: [first, content], keeping: [first], offline: [content] },
  }),
  cancelled: () => ({
    statuses: ["PUSH_CANCELED"],
    phase: "withdrawn",
    pushes: 0,
    shows: nobody,
    alerts: nobody,
  }),
  terminated: (phase) => ({
    statuses: ["PUSH_DELETED_PUSH_MSG"],
    phase: "withdrawn",
    pushes: 0,
    shows: shownIn(phase),
    alerts: { ...untouched[phase], offline: [] },
  }),
  recalled: (phase) => ({
    statuses: ["PUSH_REVOKED"],
    phase: "withdrawn",
    pushes: 0,
    shows: nobody,
    alerts: { ...untouched[phase], offline: [] },
  }),
} as const satisfies Record<string, Effect>;

type EffectName = keyof typeof effects;

/** A refusal's line behind `update task "spring-sale": `, `<id>` for the push id; and what happens with its consent. */
interface Refusal {
  readonly refused: string;
  readonly consent?: string;
  readonly then?: EffectName;
}

type Cell = EffectName | Refusal;

const consentTo = (why: string, consent: string, then: EffectName): Refusal => ({
  refused: `${why}; or to do it nevertheless write consent: ["${consent}"] or set TPNS_CONSENT=${consent}`,
  consent,
  then,
});

const overrideLate = consentTo(
  'it was sent, and an override would be a new notification for the whole audience; to keep the text as a record only, write the option ignoreChanges: ["message"]',
  "override-late:<id>",
  "overridden",
);
const withdrawn = consentTo(
  "it was withdrawn, and nothing of it is scheduled; use a new resource name for a new push",
  "push-anew:<id>",
  "pushedAnew",
);
const failed = consentTo(
  "the service failed to push it; use a new resource name for a new push",
  "push-anew:<id>",
  "pushedAnew",
);
const alreadySent: Refusal = {
  refused: "it was sent already; take the change back, or send a new message as a new task",
};
const noSuchOverride: Refusal = {
  refused:
    "it is out, and the service cannot override a notification by an in-app message, or the reverse; take the change of messageType back, or send a new task",
};

interface Row {
  readonly change: (task: Properties) => Properties;
  readonly cells: Record<KnownPhase, Cell | Readonly<Record<App["platform"], Cell>>>;
  /** Platforms whose check refuses the declaration, and its line; on the others the cells count. */
  readonly checked?: Partial<Record<App["platform"], string>>;
  readonly run?: RunOptions;
  /** What phones get of it does not alert. */
  readonly silent?: true;
}

const history = { archived: "recorded", skipped: "recorded" } as const;
const noCall = { withdrawn: "recorded", failed: "recorded", ...history } as const;

const delivery = {
  pending: "corrected",
  live: alreadySent,
  sent: alreadySent,
  withdrawn,
  failed,
  ...history,
} as const;

const inApp = (task: Properties): Properties => ({
  ...task,
  messageType: "message",
  message: {
    ...(typeof task.message === "object" ? task.message : {}),
    ...(JSON.stringify(task.message).includes('"ios"') && { ios: { aps: { contentAvailable: true } } }),
  },
});

/** DESIGN.md's remedy table. */
const table: Readonly<Record<string, Row>> = {
  "the message": {
    change: corrected,
    cells: {
      pending: "corrected",
      live: "overridden",
      sent: overrideLate,
      withdrawn,
      failed: "pushedAnew",
      ...history,
    },
  },
  'the message, with ifSent "refuse"': {
    change: (task) => ({ ...corrected(task), ifSent: "refuse" }),
    cells: {
      pending: "corrected",
      live: { refused: 'it is out, and ifSent is "refuse"; take the change back, or write ifSent: "override"' },
      sent: overrideLate,
      withdrawn,
      failed: "pushedAnew",
      ...history,
    },
  },
  "the message type": {
    change: inApp,
    silent: true,
    cells: {
      pending: "corrected",
      live: noSuchOverride,
      sent: noSuchOverride,
      withdrawn,
      failed: "pushedAnew",
      ...history,
    },
  },
  "the send time": {
    change: (task) => ({ ...task, sendTime: laterTime }),
    cells: {
      pending: "corrected",
      live: alreadySent,
      sent: alreadySent,
      withdrawn: "pushedAnew",
      failed: "pushedAnew",
      archived: {
        refused: "it is history that the service no longer lists; use a new resource name for a new push",
      },
      skipped: "pushedAnew",
    },
  },
  "the audience": {
    change: (task) => ({
      ...task,
      audience: { type: "tag", tagRules: [{ tagItems: [{ tags: ["sale", "vip"], tagsOperator: "OR" }] }] },
    }),
    cells: delivery,
  },
  "an option": { change: (task) => ({ ...task, expireTime: 7_200 }), cells: delivery },
  "the message and an option": {
    change: (task) => ({ ...corrected(task), expireTime: 7_200 }),
    cells: { ...delivery, live: "overridden", sent: overrideLateButOption() },
  },
  "the message and the send time": {
    change: (task) => ({ ...corrected(task), sendTime: laterTime }),
    cells: {
      ...delivery,
      sent: overrideLateButOption(),
      failed: "pushedAnew",
      archived: {
        refused: "it is history that the service no longer lists; use a new resource name for a new push",
      },
      skipped: "pushedAnew",
    },
  },
  'remedy "cancel"': {
    change: (task) => ({ ...task, remedy: "cancel" }),
    cells: {
      pending: "cancelled",
      live: {
        android: {
          refused:
            'it is out, too late to cancel; write remedy: "terminate" to stop what is not delivered yet, or change the message to override it',
        },
        ios: { refused: "it is out, too late to cancel; change the message to override it" },
      },
      sent: "recorded",
      ...noCall,
    },
  },
  'remedy "terminate"': {
    change: (task) => ({ ...task, remedy: "terminate" }),
    checked: {
      ios: 'the service cannot terminate a push on iOS; write remedy: "cancel" while it is pending, or change the message to override it',
    },
    cells: { pending: "cancelled", live: "terminated", sent: "recorded", ...noCall },
  },
  'remedy "recall", where the service has it': {
    change: (task) => ({ ...task, remedy: "recall" }),
    run: { config: { "tpns:recallAvailable": "true" } },
    cells: {
      pending: "cancelled",
      live: "recalled",
      sent: { refused: "it was delivered, there is nothing left to recall; remove the remedy" },
      ...noCall,
    },
  },
  'remedy "recall", where it is offline': {
    change: (task) => ({ ...task, remedy: "recall" }),
    checked: {
      android: recallOffline(),
      ios: recallOffline(),
    },
    cells: { pending: "recorded", live: "recorded", sent: "recorded", ...noCall },
  },
  'the message and remedy "cancel"': {
    change: (task) => ({ ...corrected(task), remedy: "cancel" }),
    cells: {
      pending: "cancelled",
      live: {
        android: {
          refused:
            'it is out, too late to cancel; write remedy: "terminate" to stop what is not delivered yet, or change the message to override it',
        },
        ios: { refused: "it is out, too late to cancel; change the message to override it" },
      },
      sent: "recorded",
      ...noCall,
    },
  },
};

/** Of several refusals the first is told: the one that a consent lifts, and then the one that nothing lifts. */
function overrideLateButOption(): Refusal {
  const { refused, consent } = overrideLate;
  return { refused, ...(consent !== undefined && { consent }) };
}

function recallOffline(): string {
  return 'the service has taken recall offline; write remedy: "terminate", change the message, or set recallAvailable: true on the provider if yours has it';
}

interface Case {
  readonly name: string;
  readonly row: Row;
  readonly app: App;
  readonly phase: KnownPhase;
  readonly cell: Cell;
}

const phasesOf = (row: Row): readonly (readonly [KnownPhase, Row["cells"][KnownPhase]])[] =>
  phases.map((phase) => [phase, row.cells[phase]]);

const isByPlatform = (cell: Row["cells"][KnownPhase]): cell is Readonly<Record<App["platform"], Cell>> =>
  typeof cell === "object" && "android" in cell;

const cases: readonly Case[] = Object.entries(table).flatMap(([name, row]) =>
  [androidApp, iosApp]
    .filter(({ platform }) => row.checked?.[platform] === undefined)
    .flatMap((app) =>
      phasesOf(row).map(([phase, cell]) => ({
        name,
        row,
        app,
        phase,
        cell: isByPlatform(cell) ? cell[app.platform] : cell,
      })),
    ),
);

const titleOf = ({ cell }: Case): string => (typeof cell === "string" ? cell : "refused");

/** A change that is silent is still delivered, and alerts nobody. */
const heard = ({ row }: Case, got: Got): Got => (row.silent ? withoutSilent(got) : got);

const withoutSilent = ({ replacing, keeping, offline }: Got): Got => ({
  replacing: replacing.filter((content) => content === first && replacing.length > 1),
  keeping: keeping.filter((content) => content === first && keeping.length > 1),
  offline: offline.filter((content) => content === first && offline.length > 1),
});

/** The content that a push of the changed task would have. */
const contentOf = (news: Properties): string => (JSON.stringify(news.message).includes(second) ? second : first);

async function expectEffect(
  emulator: Emulator,
  of: Case,
  effect: EffectName,
  { before, news, state }: { before: number; news: Properties; state: Properties },
): Promise<void> {
  const { app, phase, row } = of;
  const make: Effect = effects[effect];
  const outcome = make(phase, contentOf(news));
  const pushed = outcome.pushes > 0;
  expect({
    statuses: statusesOf(emulator),
    pushes: pushesTo(emulator) - before,
    shows: centresOf(emulator, app),
    phase: state.phase,
    pushId: state.pushId,
  }).toEqual({
    statuses: outcome.statuses,
    pushes: outcome.pushes,
    shows: alertsFor(app, pushed ? heard(of, outcome.shows) : outcome.shows),
    phase: outcome.phase,
    pushId: emulator.tasks.at(-1)?.pushId,
  });
  const after = runOn(emulator, { ...row.run, app });
  const requests = emulator.requests.length;
  expect([await after.diff(state, news), emulator.requests.length - requests]).toEqual([{ changes: false }, 0]);
  finish(emulator);
  expect(alertsOf(emulator, app)).toEqual(alertsFor(app, pushed ? heard(of, outcome.alerts) : outcome.alerts));
}

/** The preview and the update refuse by the same line, and leave everything as it is. */
async function expectRefusal(
  emulator: Emulator,
  { app, row }: Case,
  cell: Refusal,
  { state, news }: { state: Properties; news: Properties },
): Promise<void> {
  const before = worldOf(emulator);
  const line = `update task "spring-sale": ${cell.refused.replaceAll("<id>", pushIdOf(state))}`;

  expect(await lineOf(runOn(emulator, { ...row.run, app }).diff(state, news))).toEqual(line);
  expect(await lineOf(runOn(emulator, { ...row.run, app }).update(state, news))).toEqual(line);
  expect(worldOf(emulator)).toEqual(before);
}

async function expectPreview(
  emulator: Emulator,
  { app, row }: Case,
  { state, news }: { state: Properties; news: Properties },
): Promise<void> {
  const before = worldOf(emulator);
  expect(await runOn(emulator, { ...row.run, app }).diff(state, news)).toEqual({ changes: true });
  expect(worldOf(emulator)).toEqual(before);
}

/** The state as its creation stored it, and as a refresh just now found it: the same must follow from both. */
const memories = {
  stored: async (_: Emulator, __: App, { state }: Brought) => state,
  refreshed: (emulator: Emulator, app: App, { state }: Brought) => runOn(emulator, { app }).read(state),
} as const;

describe.for(["stored", "refreshed"] as const)("with a state that was %s", (memory) => {
  test.override("emulatorOptions", { switches: { recall: "available" } });

  describe.for(cases.map((of) => [`${of.name}, ${of.app.platform}, ${of.phase}: ${titleOf(of)}`, of] as const))(
    "%s",
    ([, of]) => {
      const { app, cell, phase, row } = of;

      test("the preview says so, and the update does it", async ({ emulator }) => {
        const brought = await bring(emulator, phase, app);
        const state = await memories[memory](emulator, app, brought);
        const news = row.change(brought.declared);
        const before = pushesTo(emulator);
        if (typeof cell === "object") {
          await expectRefusal(emulator, of, cell, { state, news });
          finish(emulator);
          expect(alertsOf(emulator, app)).toEqual(alertsFor(app, untouched[phase]));
          return;
        }
        await expectPreview(emulator, of, { state, news });
        const updated = await runOn(emulator, { ...row.run, app }).update(state, news);
        await expectEffect(emulator, of, cell, { before, news, state: updated });
      });
    },
  );

  describe.for(
    cases.flatMap((of) =>
      typeof of.cell === "object" && of.cell.then !== undefined
        ? [[`${of.name}, ${of.app.platform}, ${of.phase}`, of, of.cell, of.cell.then] as const]
        : [],
    ),
  )("consented to, %s", ([, of, { consent = "" }, then]) => {
    test("the preview and the update go on", async ({ emulator }) => {
      const { app, phase, row } = of;
      const brought = await bring(emulator, phase, app);
      const state = await memories[memory](emulator, app, brought);
      const news = row.change(brought.declared);
      const consents = consent.replaceAll("<id>", pushIdOf(state));
      const before = pushesTo(emulator);

      expect(await consenting(emulator, consents, { ...row.run, app }).diff(state, news)).toEqual({ changes: true });
      const updated = await consenting(emulator, consents, { ...row.run, app }).update(state, news);

      await expectEffect(emulator, of, then, { before, news, state: updated });
    });
  });
});

describe("settings of ours", () => {
  test.for(phases)("of a %s task are recorded without any call", async (phase, { emulator }) => {
    const { declared, state } = await bring(emulator, phase);
    const news: Properties = {
      ...declared,
      ifSent: "refuse",
      onDelete: "terminate",
      forceCollapse: true,
      pastSendTime: "refuse",
      consent: ["override-late:1"],
    };
    const before = emulator.requests.length;

    expect(await runOn(emulator).diff(state, news)).toEqual({ changes: true });
    expect(await runOn(emulator).update(state, news)).toEqual({ ...state, ...news });
    expect(emulator.requests.length - before).toBe(0);
  });
});

describe("a declaration that the platform cannot have", () => {
  test.for(
    Object.entries(table).flatMap(([name, { change, checked = {} }]) =>
      [androidApp, iosApp].flatMap((app) => {
        const line = checked[app.platform];
        return line === undefined ? [] : [[name, app, change, line] as const];
      }),
    ),
  )("%s is refused by check, whatever the phase", async ([, app, change, line], { emulator }) => {
    expect(await runOn(emulator, { app }).check(change(taskOf(app)), taskOf(app))).toEqual([line]);
    expect(changesTo(emulator)).toBe(0);
  });
});
