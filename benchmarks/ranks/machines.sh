#!/bin/sh
# Machines on a switch, made of one: `sh machines.sh 4 400 node program.ts` starts a rank of Open MPI on each of 4 machines whose links carry 400 Mb/s
# each way. A machine is a network namespace and a host name; Linux's token buckets are the links, of cable and of switch. All of it is gone with
# the last process. Needs root, iproute2 and util-linux.
if [ -z "$HOOKE_SWITCH" ]; then HOOKE_SWITCH=1 exec unshare --net --mount sh "$0" "$@"; fi
set -e
machines=$1 rate=$2
shift 2
mount -t tmpfs none /run
cat > /run/agent <<'END'
#!/bin/sh
host=$1
shift
exec ip netns exec "$host" unshare --uts sh -c "hostname machine-${host##*.}; $*"
END
chmod +x /run/agent
limit="tbf rate ${rate}mbit burst 3200 limit 4m"
ip link set lo up
ip link add name switch type bridge
ip addr add 10.9.0.254/24 dev switch
ip link set switch up
hosts=
for i in $(seq 1 "$machines"); do
  host=10.9.0.$i
  hosts=$hosts${hosts:+,}$host
  ip netns add $host
  ip link add name port$i type veth peer name eth0 netns $host
  ip link set port$i master switch up
  tc qdisc add dev port$i root $limit
  ip -n $host link set lo up
  ip -n $host addr add $host/24 dev eth0
  ip -n $host link set eth0 up
  tc -n $host qdisc add dev eth0 root $limit
done
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_plm_rsh_agent=/run/agent
export OMPI_MCA_btl=tcp,self OMPI_MCA_btl_tcp_if_include=10.9.0.0/24 OMPI_MCA_oob_tcp_if_include=10.9.0.0/24
# More machines than cores: who waits lets others run.
export OMPI_MCA_mpi_yield_when_idle=1
exec mpirun --host "$hosts" --map-by node -n "$machines" "$@"
