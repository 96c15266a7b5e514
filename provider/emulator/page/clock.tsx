import { useEffect, useId, useState } from "preact/hooks";
import { serviceTextOf } from "../service-time.ts";
import { type Pulse, usePulse } from "./live.ts";
import { Choice, Dialog, Refusal, useChange } from "./part.tsx";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const steps = [
  ["+1 min", "one minute", minute],
  ["+1 h", "one hour", hour],
  ["+1 day", "one day", day],
] as const;

const paces: readonly (readonly [string, string])[] = [
  ["0", "stands still"],
  ["1", "real time"],
  ["10", "10 × faster"],
  ["60", "a minute a second"],
  ["600", "10 minutes a second"],
  ["3600", "an hour a second"],
  ["86400", "a day a second"],
];

const nowOf = ({ nowMs, pace, heardMs }: Pulse): number => nowMs + (performance.now() - heardMs) * pace;

const redrawMs = 200;

/** The service's time in milliseconds, going on between two words of the emulator. */
export const useNow = (): number => {
  const pulse = usePulse();
  const [, redraw] = useState(0);
  const runs = pulse.connected && pulse.pace > 0;
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => redraw((count) => count + 1), redrawMs);
    return () => clearInterval(timer);
  }, [runs]);
  return runs ? nowOf(pulse) : pulse.nowMs;
};

/** The service's clock, to be moved. */
export function Clock() {
  const { connected, pace } = usePulse();
  const nowMs = useNow();
  const [isSetting, setIsSetting] = useState(false);
  const { refusal, send } = useChange("clock");
  const known = paces.some(([value]) => value === String(pace));
  const options = known ? paces : [...paces, [String(pace), `${pace} × faster`] as const];
  return (
    <section class="clock" aria-label="The service's clock">
      <div class="now">
        <time>{connected || nowMs > 0 ? serviceTextOf(nowMs) : "–"}</time>
        <small>UTC+8</small>
      </div>
      <Choice
        label="Clock runs"
        value={String(pace)}
        options={options}
        onChoose={(value) => send({ pace: Number(value) })}
      />
      <fieldset class="buttons">
        <legend class="unseen">Move the clock</legend>
        {steps.map(([words, name, seconds]) => (
          <button key={words} type="button" aria-label={`Step ${name} on`} onClick={() => send({ step: seconds })}>
            {words}
          </button>
        ))}
        <button type="button" onClick={() => setIsSetting(true)}>
          Set…
        </button>
      </fieldset>
      <Refusal>{refusal}</Refusal>
      {isSetting && <SetClock nowMs={nowMs} pace={pace} onClose={() => setIsSetting(false)} />}
    </section>
  );
}

interface SetClockProps {
  readonly nowMs: number;
  readonly pace: number;
  readonly onClose: () => void;
}

function SetClock({ nowMs, pace, onClose }: SetClockProps) {
  const [opened] = useState(() => serviceTextOf(nowMs).replace(" ", "T"));
  const [moment, setMoment] = useState(opened);
  const [newPace, setNewPace] = useState(String(pace));
  const { refusal, send } = useChange("clock");
  const [momentId, paceId] = [useId(), useId()];
  // A clock that runs has gone on meanwhile: it is set only where another time was written.
  const set = moment === opened ? {} : { set: `${moment}${moment.length === 16 ? ":00" : ""}+08:00` };
  return (
    <Dialog title="Set the clock" onClose={onClose}>
      {(close) => (
        <form
          onSubmit={async (event) => {
            event.preventDefault();
            if (await send({ ...set, pace: Number(newPace) })) close();
          }}
        >
          <p>What is due until then is done in order. Going back undoes nothing.</p>
          <div class="field">
            <label for={momentId}>Date and time in UTC+8</label>
            <input
              id={momentId}
              type="datetime-local"
              step="1"
              required
              value={moment}
              onInput={(event) => setMoment(event.currentTarget.value)}
            />
          </div>
          <div class="field">
            <label for={paceId}>Service seconds per real second</label>
            <input
              id={paceId}
              inputMode="decimal"
              required
              value={newPace}
              onInput={(event) => setNewPace(event.currentTarget.value)}
            />
          </div>
          <Refusal>{refusal}</Refusal>
          <div class="buttons end">
            <button type="button" onClick={close}>
              Close
            </button>
            <button type="submit" class="main">
              Set the clock
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
