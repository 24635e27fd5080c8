/**
 * Stands in the worker for supabase-js's client of file storage, a tenth of the worker's budget that nothing here uses. Whoever
 * stores files takes the alias out of vite.config.ts.
 */
export class StorageClient {}

/** Only named, never thrown. */
export class StorageApiError extends Error {}
