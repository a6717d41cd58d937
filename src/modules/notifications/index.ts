// The front door: notifications as operators write them, and the mails they become.
export type { DefaultNotification } from './default-notification.ts'
export { defaultNotifications, variablesOf } from './default-templates.ts'
export type { MailLook } from './frame.ts'
export {
  insertMail,
  insertNotifications,
  listNotifications,
  loadNotification,
  lockMail,
  type Mail,
  type MailState,
  type NewMail,
  type Notification,
  saveMailOutcome,
  saveMailTried,
  saveNotification,
} from './notification.store.ts'
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
