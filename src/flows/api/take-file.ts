// A body too large for memory, written to disk while it comes: for the doors, which do not reach the machine room themselves.
export { type TempFile, tempFileOf as takeFile } from '#platform/temp-file.ts'
