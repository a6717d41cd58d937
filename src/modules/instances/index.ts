// The front door: our configured contracts with vendors.
export type { ConnectionField, ConnectorSettings, SecretKeeper, VendorConnector } from './connector.ts'
export {
  type InstanceSummary,
  insertInstance,
  listActiveInstances,
  listInstances,
  loadInstance,
  loadInstanceCredentials,
  loadInstanceSecrets,
  lockInstance,
  saveCertificate,
  saveInstance,
  saveInstanceSecrets,
} from './instance.store.ts'
export {
  activate,
  CERTIFICATE_WARNING_DAYS,
  type CertificateFacts,
  type Connection,
  changeConnection,
  changeMarket,
  createInstance,
  daysLeft,
  deactivate,
  type Instance,
  type InstanceState,
  type KeySource,
  type Market,
  missingForActivation,
  noConnection,
  type Typed,
  withCertificate,
} from './instance.ts'
