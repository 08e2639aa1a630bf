// What classic scripts leave on the window.
interface Window {
  DOMPurify: typeof import("dompurify").default;
  oidc: typeof import("oidc-client-ts");
}
