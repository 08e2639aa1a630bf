declare const core: {
  registerLanguage(name: string, language: unknown): void;
  highlightAuto(text: string): { value: string };
};
export default core;
