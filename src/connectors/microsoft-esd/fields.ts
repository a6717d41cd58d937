// What an instance's form asks for: the connection settings of the service's contract (microsoft-esd.md part 1).
import type { ConnectionField } from '#modules/instances'

const field = (
  id: ConnectionField['id'],
  name: string,
  hint: string,
  type: ConnectionField['type'] = 'text',
): ConnectionField => ({ id, name, hint, type, isRequired: true, preset: '' })

export const fields: readonly ConnectionField[] = [
  field('resourceApi', 'Resource API', 'The resource for which a token is asked.', 'address'),
  field('serviceUrl', 'Service URL', 'The endpoint that is called.', 'address'),
  field('tenant', 'Azure Active Directory Tenant', 'The tenant that issues our token.'),
  field('authorityUrl', 'Authority URL', 'Where tokens come from.', 'address'),
  field('channelId', 'Channel ID', 'The bill-to account id we were given.'),
  field('clientId', 'Client ID', 'Our id there; another one for each country.'),
]
