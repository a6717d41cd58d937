// The front door: notifications as operators write them, and the mails they become.
export type { DefaultNotification } from './default-notification.ts'
export { defaultNotifications } from './default-templates.ts'
export type { MailLook } from './frame.ts'
export {
  cancelMailsTo,
  findMailBody,
  insertMail,
  insertMails,
  listMailTries,
  lockMail,
  type Mail,
  type MailBody,
  type MailState,
  type MailTry,
  moveMails,
  type NewMail,
  saveMailOutcome,
  saveMailTried,
  saveMailTry,
} from './mail.store.ts'
export { WELCOME, whyNotAgain } from './mail.ts'
export {
  hasActiveAt,
  insertNotification,
  insertNotifications,
  listActive,
  listActiveDated,
  listNotifications,
  loadNotification,
  loadNotificationOfMail,
  lockNotification,
  type Notification,
  removeNotification,
  saveNotification,
  tellNotifications,
} from './notification.store.ts'
export {
  findLatestRun,
  insertRun,
  lockRun,
  type NotificationRun,
  type NotificationRunId,
  type RunState,
  saveRun,
  stopRuns,
} from './notification-run.store.ts'
export {
  deleteNotificationText,
  findNotificationText,
  listNotificationTexts,
  type NotificationText,
  saveNotificationText,
} from './notification-text.store.ts'
export {
  asksForProductKind,
  eventLike,
  firstWords,
  isDated,
  isNotificationEvent,
  isToOurselves,
  type NotificationConditions,
  type NotificationEvent,
  notificationEventNames,
  notificationEvents,
  type ProductKind,
  productKinds,
  type RecipientVariable,
  recipientIn,
  recipientsOf,
  variablesOf,
} from './own.ts'
export { type RenderedMail, renderNotification } from './render.ts'
export {
  checkTemplate,
  type NotificationEntity,
  type NotificationTemplate,
  type NotificationValues,
  type NotificationVariable,
  sampleValues,
  type TemplateProblem,
} from './template.ts'
