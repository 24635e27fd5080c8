/** What both sides agree is the most. The server may ask for less in its policy, never for more. */
export const limits = {
  titleCharacters: 200,
  textCharacters: 32_000,
  previewCharacters: 120,
  opsPerRequest: 500,
  entitiesPerPull: 5_000,
  requestBytes: 4_000_000,
} as const;

/** A request with a clock further than this ahead of the server gets only the time back. */
export const clockToleranceMs = 5_000;
