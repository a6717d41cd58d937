-- Which jobs the queues of pg-boss were made for, so that a start does not make them again.
create table job_installation (
  id boolean primary key default true check (id),
  jobs text not null
);
