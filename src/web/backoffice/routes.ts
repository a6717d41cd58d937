import { index, layout, type RouteConfig, route } from '@react-router/dev/routes'

export default [
  route('login', 'pages/login.tsx'),
  route('logout', 'pages/logout.ts'),
  route('theme', 'pages/theme.ts'),
  route('invoices/:id/pdf', 'pages/invoice-pdf.ts'),
  layout('pages/frame.tsx', [
    index('pages/dashboard.tsx'),
    route('accounts', 'pages/accounts.tsx'),
    route('accounts/new', 'pages/account-new.tsx'),
    route('accounts/:id', 'pages/account.tsx'),
    route('accounts/:id/sync/:connector', 'pages/account-sync.tsx'),
    route('orders', 'pages/orders.tsx'),
    route('orders/new', 'pages/order-new.tsx'),
    route('orders/:id', 'pages/order.tsx'),
    route('assets', 'pages/assets.tsx'),
    route('assets/:id', 'pages/asset.tsx'),
    route('invoices', 'pages/invoices.tsx'),
    route('invoices/:id', 'pages/invoice.tsx'),
    route('setup', 'pages/setup.tsx'),
    route('setup/notifications', 'pages/notifications.tsx'),
    route('setup/notifications/:code', 'pages/notification.tsx'),
    route('jobs', 'pages/jobs.tsx'),
    route('mails', 'pages/mails.tsx'),
    route('audit', 'pages/audit.tsx'),
    route('*', 'pages/not-found.tsx'),
  ]),
] satisfies RouteConfig
