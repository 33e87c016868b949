import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { AppProvider, createApp } from "./store/app-context.tsx";
import { Toasts } from "./ui/toast.tsx";
import "./styles/index.css";

const root = document.querySelector("#root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <AppProvider value={createApp(globalThis.fetch.bind(globalThis))}>
      <Toasts>
        <App />
      </Toasts>
    </AppProvider>
  </StrictMode>,
);
