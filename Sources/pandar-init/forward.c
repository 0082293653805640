#include <stdint.h>
int pandar_forward_listen(uint16_t *p){return -1;} void pandar_forward_serve(int l,const char*s){}
