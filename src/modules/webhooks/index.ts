// The front door: addresses of other systems, what they are told, and how a call proves that it is ours.
export { newWebhookSecret, signedHeaders } from './signature.ts'
export {
  type Delivery,
  type DeliveryState,
  deleteOldDeliveries,
  deleteWebhook,
  findDelivery,
  insertDelivery,
  insertWebhook,
  listDeliveries,
  listWebhooks,
  loadSealedWebhook,
  loadWebhook,
  lockDelivery,
  lockWebhook,
  restartDeliveries,
  type SealedWebhook,
  saveDeliveryOutcome,
  saveDeliveryTried,
  saveWebhook,
  wakeDeliveries,
} from './webhook.store.ts'
export {
  isWebhookEvent,
  readWebhook,
  TEST_EVENT,
  type Webhook,
  type WebhookDeliveryId,
  type WebhookEvent,
  type WebhookId,
  type WebhookInput,
  webhookEvents,
} from './webhook.ts'
