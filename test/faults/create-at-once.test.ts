import { matrix } from "./matrix.ts";
import { scenes } from "./scene.ts";

matrix(scenes.createAtOnce, ["record list", "push"], "every outcome");
