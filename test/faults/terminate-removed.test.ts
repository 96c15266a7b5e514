import { matrix } from "./matrix.ts";
import { scenes } from "./scene.ts";

matrix(scenes.terminateRemoved, ["record list", "stop", "record list"], "every outcome");
