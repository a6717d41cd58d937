// The people who sign in for an account: how its page shows them, and what can be done to them there.
import type { App } from '#flows/app.ts'
import { inviteUser, mailPasswordLink, withdrawInvitation } from '#flows/users/invite-user.ts'
import { changeUser } from '#flows/users/manage-users.ts'
import { type AccountId, asId, type UserId } from '#kernel/ids.ts'
import { type Invitation, mayDo, rolesFor, type Staff, standingOf, type User } from '#modules/users'
import { momentDisplay } from '#web/format.ts'
import { noSuchForm, textOf, textsOf } from '#web/forms.ts'
import { languageChoices } from '#web/language-choices.ts'
import { invitationWords, portalRoleWords } from '#web/people-words.ts'

export type UsersShown = ReturnType<typeof usersShown>

export function usersShown(
  users: readonly (User & Invitation)[],
  actor: Staff,
  { accountId, now }: { accountId: AccountId; now: Temporal.Instant },
) {
  return {
    mayManage: mayDo(actor, 'manage-account-users'),
    languages: languageChoices(),
    roles: rolesFor(accountId).map((role) => ({ value: role, label: portalRoleWords[role] ?? role })),
    users: users.map((user) => ({
      id: user.id as string,
      name: user.name,
      email: user.email,
      chosen: [...user.roles] as string[],
      roles: user.roles.map((role) => portalRoleWords[role] ?? role).join(', '),
      state: standingOf(user),
      about:
        standingOf(user) === 'invited'
          ? invitationWords(user, now)
          : user.lastLoginAt
            ? `Last sign-in ${momentDisplay(user.lastLoginAt)}`
            : 'Never signed in',
    })),
  }
}

/** Does what a form of the part `AccountUsers` asks for; answers what is said of it. */
export async function actOnUsers(
  app: App,
  actor: Staff,
  form: FormData,
  { accountId }: { accountId: AccountId },
): Promise<string> {
  if (textOf(form, 'intent') === 'invite-user') {
    const { name, email } = await inviteUser(app, actor, {
      accountId,
      name: textOf(form, 'name'),
      email: textOf(form, 'email'),
      roles: textsOf(form, 'roles'),
      language: textOf(form, 'language') || undefined,
    })
    return `${name} is invited: an e-mail to ${email} says how to choose a password.`
  }
  const userId = asId<UserId>(textOf(form, 'userId'), 'user')
  switch (textOf(form, 'intent')) {
    case 'invite-again':
      await mailPasswordLink(app, actor, { userId })
      return 'Another e-mail with a link to choose a password is queued. The former link opens nothing any more.'
    case 'withdraw-user': {
      const { name } = await withdrawInvitation(app, actor, { userId })
      return `The invitation of ${name} is withdrawn: its link opens nothing any more.`
    }
    case 'save-user': {
      const { name } = await changeUser(app, actor, {
        userId,
        change: { name: textOf(form, 'name'), email: textOf(form, 'email'), roles: textsOf(form, 'roles') },
      })
      return `${name} is saved.`
    }
    case 'block-user': {
      const { name } = await changeUser(app, actor, { userId, change: { state: 'blocked' } })
      return `${name} is blocked: sessions have ended, API keys open nothing.`
    }
    case 'unblock-user': {
      const { name } = await changeUser(app, actor, { userId, change: { state: 'active' } })
      return `${name} is unblocked.`
    }
    default:
      throw noSuchForm()
  }
}
