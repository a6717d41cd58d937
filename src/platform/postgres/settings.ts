// What the embedded server is told at each start. Modest on purpose: it shares its machine with the application.

export function serverSettings(server: { socketFolder: string; port: number; durable: boolean }): string[] {
  const always = {
    listen_addresses: '',
    unix_socket_directories: server.socketFolder,
    unix_socket_permissions: '0700',
    port: String(server.port),
    max_connections: '200',
    shared_buffers: '128MB',
    work_mem: '8MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '2GB',
    random_page_cost: '1.1',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    // Values are bound, never written into statements; their details stay out of the log as well.
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_error_verbosity: 'terse',
    idle_in_transaction_session_timeout: '5min',
    // Compiling a statement costs more than our short statements take.
    jit: 'off',
  }
  const safety = server.durable
    ? { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }
    : {
        fsync: 'off',
        synchronous_commit: 'off',
        full_page_writes: 'off',
        wal_level: 'minimal',
        max_wal_senders: '0',
        checkpoint_timeout: '1h',
      }
  return Object.entries({ ...always, ...safety }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
