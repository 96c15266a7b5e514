import { matrix } from "./matrix.ts";
import { scenes } from "./scene.ts";

matrix(scenes.create, ["record list", "push"], "every event");
