"""Reading what strangers wrote, in processes that can be killed. `pool` is the near side, `worker` the far one."""
