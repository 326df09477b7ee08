module waystone.dev/test/cluster/echo

go 1.26.0
