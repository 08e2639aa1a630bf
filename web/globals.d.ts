// What classic scripts leave on the window.
interface Window {
  oidc: typeof import("oidc-client-ts");
}
