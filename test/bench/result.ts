/** Where pushes go, and where records are asked for. */
export const pushPath = "/v3/push/app";
export const recordPath = "/v3/statistics/get_push_record";

/** What a tool is asked to do, in this order. */
export const operations = ["up", "up again", "change one", "refresh", "destroy"] as const;
export type Operation = (typeof operations)[number];

/** Who does it: ours, what most people would write, Terraform, and the calls alone. */
export type ArmName = "ours" | "naive" | "terraform" | "raw" | "empty";

/** Without its limits the service shows what the software costs; with them what the user waits. */
export type ServiceKind = "free" | "limited";

/** By whom the provider is driven: a real `pulumi`, or the benchmark over the provider's own protocol. */
export type Level = "engine" | "provider";

/** Which measurement it is. */
export interface Subject {
  readonly level: Level;
  readonly service: ServiceKind;
  readonly arm: ArmName;
  /** Push tasks. */
  readonly n: number;
  readonly operation: Operation;
}

/** Wall time by who worked, in seconds; where several did, by their share of the processor. */
interface Split {
  readonly program: number;
  readonly engine: number;
  readonly provider: number;
  /** Nobody had the processor: the service, a pause, or the disk was waited for. */
  readonly waiting: number;
}

/** What an operation's processes used; undefined where the system does not tell. */
export interface Use {
  readonly split: Split;
  readonly cpuSeconds: number;
  /** Of all processes together. */
  readonly peakMiB: number;
  /** Of the provider's process. */
  readonly providerPeakMiB: number;
  /** Bytes that went to the disk. */
  readonly writtenBytes: number;
}

/** What the service saw of an operation. */
export interface Traffic {
  /** Requests by path. */
  readonly calls: Readonly<Record<string, number>>;
  readonly refusals: number;
  /** Those of them with 1008028. */
  readonly tooFast: number;
  /** Service seconds between the two accepted pushes that were the nearest to each other; absent below two. */
  readonly leastGapSeconds?: number;
  /** What a user waits at the real service: what went before the first push and after the last one took real time, all between them the service's. */
  readonly waitedSeconds: number;
}

export interface Measurement extends Subject, Traffic {
  readonly seconds: number;
  readonly use?: Use | undefined;
  /** Of the state afterwards. */
  readonly stateBytes?: number | undefined;
  /** Why it failed. */
  readonly failure?: string;
}

/** What phones would show once everything has gone out that was scheduled after `refresh`. */
export interface Delivery extends Omit<Subject, "operation"> {
  /** Tasks that some phone alerted of. */
  readonly once: number;
  /** Those of them that one phone alerted of twice or more. */
  readonly twice: number;
}

/** What reached phones after the answers to some pushes were lost. */
export interface LostAnswers extends Omit<Delivery, "level" | "service"> {
  readonly lostAnswers: number;
  /** Times that `up` was run until it succeeded, or was given up. */
  readonly runs: number;
  readonly succeeded: boolean;
}

/** Milliseconds that one call of the protocol took, as the median of its batches. */
export interface CallCost extends Subject {
  readonly call: "check" | "diff" | "create" | "read" | "delete";
  readonly milliseconds: number;
  /** Of the provider's process. */
  readonly cpuMilliseconds: number | undefined;
}

/** Milliseconds from a program's start until its modules are loaded, as medians. */
export interface ColdStart {
  readonly ours: number;
  readonly empty: number;
}

/** All that one run of the benchmark has found. */
export interface Results {
  readonly machine: string;
  readonly at: string;
  /** Rows and arms that were left out, and why. */
  readonly omissions: readonly string[];
  /** Bytes of a task as the program declares it. */
  readonly contentBytes: number;
  /** Bytes of the state of a stack without a task. */
  readonly emptyStateBytes: number;
  readonly measurements: readonly Measurement[];
  readonly deliveries: readonly Delivery[];
  readonly lostAnswers: readonly LostAnswers[];
  readonly costs: readonly CallCost[];
  readonly coldStart?: ColdStart;
}
