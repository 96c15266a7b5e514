import { matrix } from "./matrix.ts";
import { scenes } from "./scene.ts";

matrix(scenes.refresh, ["record list"], "every event");
