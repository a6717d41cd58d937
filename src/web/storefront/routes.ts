import { index, type RouteConfig, route } from '@react-router/dev/routes'

export default [
  route('login', 'pages/login.tsx'),
  route('logout', 'pages/logout.ts'),
  route('theme', 'pages/theme.ts'),
  route('forgot', 'pages/forgot.tsx'),
  route('reset-password', 'pages/reset-password.tsx'),

  index('pages/home.tsx'),
  route('products', 'pages/products.tsx'),
  route('products/:productId', 'pages/product.tsx'),
  route('products/:productId/picture', 'pages/product-picture.ts'),
  route('products/:productId/plans/:planId', 'pages/plan.tsx'),
  route('groups/:groupId', 'pages/group.tsx'),
  route('groups/:groupId/picture', 'pages/group-picture.ts'),
  route('groups/:groupId/plans/:planId', 'pages/plan.tsx', { id: 'plan-of-group' }),

  route('basket', 'pages/basket.tsx'),
  route('basket/items/:itemId', 'pages/basket-item.tsx'),
  route('checkout', 'pages/checkout.ts'),
  route('checkout/items', 'pages/checkout-items.tsx'),
  route('checkout/customer', 'pages/checkout-customer.tsx'),
  route('checkout/service', 'pages/checkout-service.tsx'),
  route('checkout/review', 'pages/checkout-review.tsx'),
  route('checkout/prices', 'pages/checkout-prices.tsx'),

  route('orders', 'pages/orders.tsx'),
  route('orders/:orderId', 'pages/order.tsx'),
  route('licences', 'pages/licences.tsx'),
  route('licences/:licenceId', 'pages/licence.tsx'),
  route('subscriptions', 'pages/subscriptions.tsx'),
  route('subscriptions/:subscriptionId', 'pages/subscription.tsx'),
  route('invoices', 'pages/invoices.tsx'),
  route('invoices/:invoiceId', 'pages/invoice.tsx'),
  route('invoices/:invoiceId/pdf', 'pages/invoice-pdf.ts'),

  route('customers', 'pages/customers.tsx'),
  route('customers/search.json', 'pages/customers-search.ts'),
  route('customers/new', 'pages/customer-new.tsx'),
  route('customers/:customerId', 'pages/customer.tsx'),
  route('profile', 'pages/profile.tsx'),
  route('users', 'pages/users.tsx'),

  route('*', 'pages/not-found.tsx'),
] satisfies RouteConfig
