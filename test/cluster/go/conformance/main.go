// The Gateway API's conformance suite as a program of its own: its flags are the suite's (--conformance-profiles, ...) and
// those of the testing package (--test.v, --test.timeout, ...), as of a compiled test.
package main

import (
	"testing"

	"sigs.k8s.io/gateway-api/conformance"
)

func main() {
	tests := []testing.InternalTest{{Name: "TestConformance", F: func(t *testing.T) { conformance.RunConformance(t) }}}
	// "preserved, as much as possible, for other systems that simulate go test": so it needs no other way of building.
	testing.Main(func(_, _ string) (bool, error) { return true, nil }, tests, nil, nil)
}
