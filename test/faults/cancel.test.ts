import { matrix } from "./matrix.ts";
import { scenes } from "./scene.ts";

matrix(scenes.cancel, ["record list", "cancel", "record list"], "every event");
