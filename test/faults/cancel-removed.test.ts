import { matrix } from "./matrix.ts";
import { scenes } from "./scene.ts";

matrix(scenes.cancelRemoved, ["record list", "cancel", "record list"], "every outcome");
