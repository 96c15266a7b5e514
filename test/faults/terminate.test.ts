import { matrix } from "./matrix.ts";
import { scenes } from "./scene.ts";

matrix(scenes.terminate, ["record list", "stop", "record list"], "every event");
