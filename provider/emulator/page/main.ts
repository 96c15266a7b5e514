import { h, render } from "preact";
import { App } from "./app.tsx";
import { connect } from "./live.ts";

connect();
render(h(App, {}), document.body);
