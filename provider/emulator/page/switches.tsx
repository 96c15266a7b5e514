import { useEffect, useState } from "preact/hooks";
import type { SwitchView } from "../control/answer.ts";
import { useLive } from "./live.ts";
import { Badge, Refusal, useChange } from "./part.tsx";

/** What the documents leave open, and how this emulator reads it. */
export function SwitchesView() {
  const { answer = [], error } = useLive<readonly SwitchView[]>("switch-list");
  const { refusal, send } = useChange("switches");
  return (
    <section class="panel" aria-labelledby="switches-title">
      <h1 id="switches-title">Switches</h1>
      <p>
        Where the documents contradict each other or say nothing, a switch chooses a reading. A change holds at once.
      </p>
      <Refusal>{error ?? refusal}</Refusal>
      <ul class="switches">
        {answer.map((one) => (
          <li key={one.name}>
            <div>
              <label for={one.name}>{one.name}</label>
              {one.value !== one.default && <Badge look="waiting">changed from {one.default}</Badge>}
              <small id={`meaning-${one.name}`}>{one.meaning}</small>
            </div>
            <Value switched={one} onChange={(value) => send({ [one.name]: value })} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ValueProps {
  readonly switched: SwitchView;
  readonly onChange: (value: string | number) => void;
}

function Value({ switched: { name, value, choices }, onChange }: ValueProps) {
  if (choices === undefined) return <NumberValue name={name} value={value} onChange={onChange} />;
  return (
    <select
      id={name}
      aria-describedby={`meaning-${name}`}
      value={String(value)}
      onChange={({ currentTarget: { value: chosen } }) =>
        onChange(choices.find((choice) => String(choice) === chosen) ?? chosen)
      }
    >
      {choices.map((choice) => (
        <option key={choice} value={String(choice)}>
          {choice}
        </option>
      ))}
    </select>
  );
}

/** What one is typing outlives an answer that comes meanwhile. */
function NumberValue({ name, value, onChange }: Pick<SwitchView, "name" | "value"> & Pick<ValueProps, "onChange">) {
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  return (
    <input
      id={name}
      aria-describedby={`meaning-${name}`}
      type="number"
      value={text}
      onInput={(event) => setText(event.currentTarget.value)}
      onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
    />
  );
}
