import { useId, useState } from "preact/hooks";
import { type RemedyName, remedies, type TaskDetail } from "../control/answer.ts";
import { change } from "./api.ts";
import { remedyMeanings, remedyWords } from "./format.ts";
import { Dialog, Refusal, useDoing } from "./part.tsx";
import { goTo, hrefOf } from "./route.ts";

/** The four remedies as buttons; what cannot work now says why. */
export function Remedies({ detail }: { readonly detail: TaskDetail }) {
  const [asking, setAsking] = useState<RemedyName>();
  const { pushId } = detail.task;
  return (
    <section class="remedies" aria-label="Remedies">
      {remedies.map((remedy) => {
        const refusal = detail.refusals[remedy];
        const noteId = `why-${remedy}`;
        return (
          <div key={remedy} class="remedy">
            <button
              type="button"
              class={remedy === "override" ? "main" : "danger"}
              disabled={refusal !== undefined}
              aria-describedby={noteId}
              onClick={() => setAsking(remedy)}
            >
              {remedyWords[remedy]}
            </button>
            <small id={noteId}>{refusal ?? remedyMeanings[remedy]}</small>
          </div>
        );
      })}
      {asking === "override" && <Override detail={detail} onClose={() => setAsking(undefined)} />}
      {asking !== undefined && asking !== "override" && (
        <Confirm remedy={asking} pushId={pushId} onClose={() => setAsking(undefined)} />
      )}
    </section>
  );
}

interface ConfirmProps {
  readonly remedy: RemedyName;
  readonly pushId: string;
  readonly onClose: () => void;
}

function Confirm({ remedy, pushId, onClose }: ConfirmProps) {
  const { refusal, doing } = useDoing();
  return (
    <Dialog title={`${remedyWords[remedy]} task ${pushId}?`} onClose={onClose}>
      {(close) => (
        <form
          onSubmit={async (event) => {
            event.preventDefault();
            if (await doing(() => change("remedy", { remedy, pushId }))) close();
          }}
        >
          <p>{remedyMeanings[remedy]}</p>
          <Refusal>{refusal}</Refusal>
          <div class="buttons end">
            <button type="button" onClick={close}>
              Leave it
            </button>
            <button type="submit" class="danger">
              {remedyWords[remedy]}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Override({ detail, onClose }: { readonly detail: TaskDetail; readonly onClose: () => void }) {
  const { task } = detail;
  const [title, setTitle] = useState(task.title);
  const [content, setContent] = useState(task.content);
  const { refusal, doing } = useDoing();
  const [titleId, contentId] = [useId(), useId()];
  const push = async (): Promise<void> => {
    const { pushId } = await change<{ readonly pushId: string }>("remedy", {
      remedy: "override",
      pushId: task.pushId,
      title,
      content,
    });
    goTo(hrefOf(["tasks", pushId]));
  };
  return (
    <Dialog title={`Override task ${task.pushId}`} onClose={onClose}>
      {(close) => (
        <form
          onSubmit={async (event) => {
            event.preventDefault();
            if (await doing(push)) close();
          }}
        >
          <p>The same request is pushed again at once, with these words and collapse_id {task.collapseId}.</p>
          <div class="field">
            <label for={titleId}>Title</label>
            <input id={titleId} required value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
          </div>
          <div class="field">
            <label for={contentId}>Content</label>
            <textarea
              id={contentId}
              required
              rows={3}
              value={content}
              onInput={(event) => setContent(event.currentTarget.value)}
            />
          </div>
          <Refusal>{refusal}</Refusal>
          <div class="buttons end">
            <button type="button" onClick={close}>
              Leave it
            </button>
            <button type="submit" class="main">
              Push the override
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
