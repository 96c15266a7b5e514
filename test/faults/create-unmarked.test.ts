import { matrix } from "./matrix.ts";
import { scenes } from "./scene.ts";

matrix(scenes.createUnmarked, ["record list", "push"], "every outcome");
