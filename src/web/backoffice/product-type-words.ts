// What kinds of product are called on the screens of the setup.
export const productTypeWords = {
  all: 'All products',
  esd: 'ESD licences',
  subscription: 'Subscriptions',
  perpetual: 'Perpetual software',
} as const
