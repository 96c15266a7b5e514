import type { Figure, Series } from "./plot.ts";
import type { ArmName, Measurement, Results, Subject } from "./result.ts";

const arms: readonly ArmName[] = ["ours", "naive", "terraform", "raw", "empty"];

const labels: Readonly<Record<ArmName, string>> = {
  ours: "pulumi-tpns",
  naive: "naive provider",
  terraform: "Terraform, curl",
  raw: "raw calls",
  empty: "empty provider",
};

type Row = Partial<Omit<Subject, "arm" | "n">>;

const seriesOf = (
  { measurements }: Results,
  { level, service, operation }: Row,
  read: (measured: Measurement) => number | undefined,
): readonly Series[] =>
  arms.map((arm) => ({
    name: labels[arm],
    points: measurements
      .filter((row) => row.arm === arm && row.level === level && row.service === service && row.operation === operation)
      .map((row) => [row.n, read(row) ?? 0] as const),
  }));

/** Those that a run has measured, by file name. */
export const figuresOf = (results: Results): readonly { readonly name: string; readonly figure: Figure }[] =>
  [
    {
      name: "up",
      figure: {
        title: "pulumi up, service without limits",
        x: "tasks",
        y: "seconds",
        series: seriesOf(results, { level: "engine", service: "free", operation: "up" }, ({ seconds }) => seconds),
      },
    },
    {
      name: "wait",
      figure: {
        title: "pulumi up, 1 push a second and 200 queries an hour",
        x: "tasks",
        y: "seconds that the user waits",
        series: seriesOf(
          results,
          { level: "engine", service: "limited", operation: "up" },
          ({ waitedSeconds }) => waitedSeconds,
        ),
      },
    },
    {
      name: "state",
      figure: {
        title: "State after an up",
        x: "tasks",
        y: "bytes",
        series: seriesOf(
          results,
          { level: "engine", service: "free", operation: "up" },
          ({ stateBytes }) => stateBytes,
        ),
      },
    },
    {
      name: "written",
      figure: {
        title: "Written to the disk by an up",
        x: "tasks",
        y: "bytes",
        series: seriesOf(
          results,
          { level: "engine", service: "free", operation: "up" },
          ({ use }) => use?.writtenBytes,
        ),
      },
    },
    {
      name: "memory",
      figure: {
        title: "Memory of the provider's process during an up",
        x: "tasks",
        y: "MiB",
        series: seriesOf(
          results,
          { level: "provider", service: "free", operation: "up" },
          ({ use }) => use?.providerPeakMiB,
        ),
      },
    },
  ].filter(({ figure }) => figure.series.some(({ points }) => points.some(([, value]) => value > 0)));
