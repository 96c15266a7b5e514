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
      <div class="wide">
        <table class="switches">
          <caption class="unseen">Switches</caption>
          <thead>
            <tr>
              <th scope="col">Switch</th>
              <th scope="col">Value</th>
              <th scope="col">Default</th>
            </tr>
          </thead>
          <tbody>
            {answer.map((one) => (
              <tr key={one.name}>
                <th scope="row">
                  <label for={one.name}>{one.name}</label>
                  <small>{one.meaning}</small>
                </th>
                <td>
                  <Value switched={one} onChange={(value) => send({ [one.name]: value })} />
                </td>
                <td>
                  {one.value === one.default ? (
                    <span class="zero">{one.default}</span>
                  ) : (
                    <>
                      {one.default} <Badge look="waiting">changed</Badge>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface ValueProps {
  readonly switched: SwitchView;
  readonly onChange: (value: string | number) => void;
}

function Value({ switched: { name, value, choices }, onChange }: ValueProps) {
  if (choices === undefined) {
    return (
      <input id={name} type="number" value={value} onChange={(event) => onChange(event.currentTarget.valueAsNumber)} />
    );
  }
  return (
    <select
      id={name}
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
