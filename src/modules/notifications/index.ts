// The front door: notifications as operators write them, and the mails they become.
export type { DefaultNotification } from './default-notification.ts'
export { defaultNotifications, variablesOf } from './default-templates.ts'
export type { MailLook } from './frame.ts'
export {
  cancelMailsTo,
  insertMail,
  insertMails,
  insertNotifications,
  listActive,
  listNotifications,
  loadNotification,
  lockMail,
  lockNotification,
  type Mail,
  type MailState,
  moveMails,
  type NewMail,
  type Notification,
  saveMailOutcome,
  saveMailTried,
  saveNotification,
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
