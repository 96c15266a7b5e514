import { useId, useState } from "preact/hooks";
import type { Overview } from "../control/answer.ts";
import { useLive } from "./live.ts";
import { Choice, Refusal, useChange } from "./part.tsx";

type Fault = string | Readonly<Record<string, number | string>>;

interface WaitingFault {
  readonly path: string;
  readonly fault: Fault;
  readonly times: number;
}

const kinds: readonly (readonly [string, string])[] = [
  ["dropBefore", "Drop before the service acts"],
  ["dropAfter", "Drop the answer after it acted"],
  ["cut", "Cut the answer off in its middle"],
  ["garbage", "Answer with what is no JSON"],
  ["throttle", "Refuse: request too fast"],
  ["refuse", "Refuse with a ret_code"],
  ["delaySeconds", "Answer late"],
  ["clockOffSeconds", "Put the service's clock off"],
  ["staleListSeconds", "Tell records as they were"],
];

/** What goes wrong with the next requests. */
export function Faults() {
  const waiting = useLive<readonly WaitingFault[]>("faults").answer ?? [];
  return (
    <aside class="panel" aria-labelledby="faults-title">
      <h2 id="faults-title">Faults</h2>
      {waiting.length === 0 ? (
        <p class="empty">No fault waits: every request is answered.</p>
      ) : (
        <ol class="queue" aria-live="polite">
          {waiting.map(({ path, fault, times }, index) => (
            <li key={index}>
              <code>{path}</code> {wordsOf(fault)}, {times} ×
            </li>
          ))}
        </ol>
      )}
      <FaultForm />
    </aside>
  );
}

const wordsOf = (fault: Fault): string => {
  if (typeof fault === "string") return wordsOfKind(fault);
  if (fault.retCode !== undefined) return `Refuse with ${[fault.retCode, fault.errMsg ?? ""].join(" ")}`;
  return Object.entries(fault)
    .map(([kind, seconds]) => `${wordsOfKind(kind)}, ${seconds} s`)
    .join(", ");
};

const wordsOfKind = (kind: string): string => kinds.find(([name]) => name === kind)?.[1] ?? kind;

function FaultForm() {
  const paths = useLive<Overview>("overview").answer?.endpoints ?? [];
  const [path, setPath] = useState("/v3/push/app");
  const [kind, setKind] = useState("dropBefore");
  const [retCode, setRetCode] = useState("1008019");
  const [errMsg, setErrMsg] = useState("content may be evil");
  const [times, setTimes] = useState("1");
  const { refusal, send } = useChange("faults");
  const [seconds, setSeconds] = useState("10");
  const hasSeconds = kind.endsWith("Seconds");
  const fault = hasSeconds
    ? { [kind]: Number(seconds) }
    : kind === "refuse"
      ? { retCode: Number(retCode), errMsg }
      : kind;
  return (
    <form
      class="stacked"
      onSubmit={(event) => {
        event.preventDefault();
        void send({ path, fault, times: Number(times) });
      }}
    >
      <Choice label="Path" value={path} options={paths.map((one) => [one, one] as const)} onChoose={setPath} />
      <Choice label="What goes wrong" value={kind} options={kinds} onChoose={setKind} />
      {kind === "refuse" && (
        <>
          <Field label="ret_code" inputMode="numeric" value={retCode} onInput={setRetCode} />
          <Field label="Reason" inputMode="text" value={errMsg} onInput={setErrMsg} />
        </>
      )}
      {hasSeconds && <Field label="Seconds" inputMode="numeric" value={seconds} onInput={setSeconds} />}
      <Field label="Requests it hits" inputMode="numeric" value={times} onInput={setTimes} />
      <Refusal>{refusal}</Refusal>
      <button type="submit" class="main">
        Queue the fault
      </button>
    </form>
  );
}

interface FieldProps {
  readonly label: string;
  readonly inputMode: "numeric" | "text";
  readonly value: string;
  readonly onInput: (value: string) => void;
}

function Field({ label, inputMode, value, onInput }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} inputMode={inputMode} value={value} onInput={(event) => onInput(event.currentTarget.value)} />
    </div>
  );
}
