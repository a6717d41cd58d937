// The front door: who changed what.
export { type AuditFilter, listAuditEntries, recordAudit } from './audit.store.ts'
export {
  type AuditEntry,
  type AuditEntryId,
  type AuditInput,
  differences,
  type Facts,
  type Who,
  withoutSecrets,
} from './audit-entry.ts'
