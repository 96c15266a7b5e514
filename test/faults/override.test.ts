import { matrix } from "./matrix.ts";
import { scenes } from "./scene.ts";

matrix(scenes.override, ["record list", "single record", "push"], "every event");
