import { matrix } from "./matrix.ts";
import { scenes } from "./scene.ts";

matrix(scenes.correct, ["record list", "cancel", "record list", "push"], "every event");
